/** The fields of one line of RFC 4180 text without line breaks in its fields. */
export function parseCsvRow(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (character === '"' && isQuoted && line[at + 1] === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') {
      isQuoted = !isQuoted;
    } else if (character === ',' && !isQuoted) {
      fields.push(field);
      field = '';
    } else {
      field += character;
    }
  }
  fields.push(field);
  return fields;
}

/** The names in the first line of a table, in lower case. */
export function csvColumns(head: string): string[] {
  const [first] = head.split(/\r?\n/, 1);
  return parseCsvRow(first ?? '').map((name) => name.trim().toLowerCase());
}
