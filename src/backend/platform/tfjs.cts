/**
 * tfjs in Node, by `require`: `import` of a CommonJS file makes Node search its 1.5 MB for names of exports first,
 * 0.2 s of every start. In a page, tfjs-browser.ts stands in.
 */
import tf = require('@tensorflow/tfjs');

export { tf };
