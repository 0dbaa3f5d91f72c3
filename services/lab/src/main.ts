import { createLab } from './lab.ts';
import { fromLabArgument } from './lab-protocol.ts';
import { serveParent } from './serve-parent.ts';

// Run by `spawnLab`, with the options as its one argument.
serveParent(createLab(fromLabArgument(process.argv[2])));
