// Owns an embedded database until it is killed; run through runModule() with the data directory as its word.
import { openDatabase } from '../../shared/src/database/index.ts';

const database = await openDatabase({ dataDir: process.argv.at(-1) ?? '' });
await database.pool().query('CREATE TABLE IF NOT EXISTS notes (note text)');
await database.pool().query(`INSERT INTO notes VALUES ('committed before the end')`);
process.send?.('ready');
