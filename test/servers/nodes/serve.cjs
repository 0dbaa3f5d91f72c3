// A TLS server on any version of Node: its one argument is a list of what to listen for, as JSON.
const { readFileSync } = require('node:fs');
const https = require('node:https');

for (const { address, port, cert, key, ca, requireCertificate, ...options } of JSON.parse(process.argv[2])) {
  const files = { cert: readFileSync(cert), key: readFileSync(key) };
  if (ca !== undefined) Object.assign(files, { ca: readFileSync(ca), requestCert: true });
  https
    .createServer({ ...options, ...files, rejectUnauthorized: requireCertificate === true }, (_, response) => {
      response.end(`a page of Node ${process.version}`);
    })
    .listen(port, address);
}
