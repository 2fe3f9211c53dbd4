module.exports = require('../../dist/backend/tfjs/tfjs.cjs'); // built from tfjs.js by scripts/build.mjs
