export * from './claims.js';
export * from './departures.js';
export * from './figures.js';
export * from './map.js';
export * from './our-departures.js';
export * from './settings.js';
export * from './tables.js';
