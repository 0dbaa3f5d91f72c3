import type { Component } from '@kubecensus/shared/vocabulary';
import { COMPONENT_DEFINITIONS } from '../components/index.ts';

/** API servers listen on any port; every other component is looked for where it listens by default, and there alone. */
const ANYWHERE: Component = 'kube-apiserver';

let byPort: Map<number, Component> | undefined;

function build(): Map<number, Component> {
  const components = new Map<number, Component>();
  for (const { name, ports } of Object.values(COMPONENT_DEFINITIONS)) {
    for (const port of ports) if (!components.has(port)) components.set(port, name);
  }
  return components;
}

/** What is looked for on a port. */
export function componentOfPort(port: number): Component {
  byPort ??= build();
  return byPort.get(port) ?? ANYWHERE;
}
