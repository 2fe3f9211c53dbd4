/**
 * tfjs in Node, by `require`: `import` of its CommonJS files makes Node search 9 MB for names of exports first,
 * half a second of every start. In a page, tfjs-browser.ts stands in.
 */
import tf = require('@tensorflow/tfjs');

export { tf };
