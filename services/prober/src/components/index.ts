import type { Component } from '@kubecensus/shared/vocabulary';
import type { ComponentDefinition } from './define-component.ts';
import { kubeApiserver } from './kube-apiserver.ts';

export const COMPONENT_DEFINITIONS: readonly ComponentDefinition[] = [kubeApiserver];

const BY_NAME: ReadonlyMap<Component, ComponentDefinition> = new Map(
  COMPONENT_DEFINITIONS.map((definition) => [definition.name, definition]),
);

export function componentDefinition(name: Component): ComponentDefinition {
  const definition = BY_NAME.get(name);
  if (definition === undefined) throw new TypeError(`no probe is defined for the component ${name}`);
  return definition;
}

export * from './define-component.ts';
