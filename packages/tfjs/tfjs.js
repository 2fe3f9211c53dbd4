/**
 * The parts of tfjs that this project uses, bundled for Node by scripts/build.mjs. The package of this name on
 * the registry brings layers, converters and WebGL as well, 230 MB; tfjs-core for Node has no gradients.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';

export * from '@tensorflow/tfjs-backend-cpu';
export * from '@tensorflow/tfjs-core';
export * as data from '@tensorflow/tfjs-data'; // danfojs samples rows with it
