// Vite loads what a test imports, and its own copy of it; what this imports, Node loads.
module.exports = (/** @type {string} */ url) => import(url);
