import { hostOf, type Identity, listRequests } from './identity.ts';

/** One page without scripts, pictures or anything from elsewhere: it is read by people who are annoyed. */
export function toOperatorPage(identity: Identity): string {
  const { operator, purpose, sources, version, writtenAt, keyFingerprint, scan } = identity;
  const requests = listRequests()
    .map(
      ({ component, ports, request }) =>
        `<tr><td>${escapeHtml(component)}</td><td>${ports.join(', ')}</td><td><code>${escapeHtml(request)}</code></td></tr>`,
    )
    .join('\n');
  const addresses =
    sources.length === 0
      ? '<p>Ask us.</p>'
      : `<ul>${sources.map((source) => `<li><code>${escapeHtml(source)}</code></li>`).join('')}</ul>`;
  const current =
    scan === undefined
      ? ''
      : `<h2>The scan under way</h2><p>Scan ${escapeHtml(scan.id)} (${escapeHtml(scan.kind)}) since ${scan.startedAt.toISOString()}: ${scan.targetCount} targets, at most ${scan.rate} connects per second in all. The signed <a href="scan-manifest.json">manifest</a> says the same to machines.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(hostOf(identity))}: why we connected to you</title>
<style>body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.1rem 1rem .1rem 0;vertical-align:top}</style>
</head>
<body>
<h1>Why we connected to you</h1>
<p>We take a census of Kubernetes control planes that anyone can reach: ${escapeHtml(purpose)}. The program is kubecensus ${escapeHtml(version)}.</p>
<h2>Be left out</h2>
<p>Write to <a href="mailto:${escapeHtml(operator.mail)}">${escapeHtml(operator.mail)}</a> and name your addresses or prefixes. They are excluded at once, in scans under way too, and you get a signed receipt. What we stored of them is removed if you ask for it.</p>
<h2>What we send</h2>
<p>One TCP connection to a port. On it a TLS hello that carries our name; and only where the answer shows a part of Kubernetes, the rest of that handshake without a client certificate, and one request:</p>
<table>
<tr><th>part</th><th>ports</th><th>request</th></tr>
${requests}
</table>
<p>A second connection is made only where the first was refused for its TLS version, in one of a thousand answering targets to measure loss, or when our own machine failed; there is never a third. Never: credentials, client certificates, other paths, followed redirects, tests for vulnerabilities.</p>
<h2>From where</h2>
${addresses}
${current}
<h2>Proof</h2>
<p>Receipts and manifests are signed with Ed25519 by the key <code>${escapeHtml(keyFingerprint)}</code>.</p>
<p>Written on ${writtenAt.toISOString().slice(0, 10)}.</p>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
