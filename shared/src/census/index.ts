export { type CensusQuality, toCensusQuality } from './census-quality.ts';
export { toLossText, toQualityText } from './quality-text.ts';
export { readScanQuality } from './read-scan-quality.ts';
