/**
 * tfjs in a page: its core with gradients, and its cpu backend with the few kernels that `blas` takes from
 * there. Node has the same in packages/tfjs, with the data sets that danfojs asks for.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';

export * from '@tensorflow/tfjs-backend-cpu';
export * from '@tensorflow/tfjs-core';
export * as tf from './tfjs-browser.js';
