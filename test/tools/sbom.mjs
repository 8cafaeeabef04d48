/** The bill of materials (CycloneDX) of what the package brings: npm's own list without what is for development only, which `--omit=dev` cuts too short. */
import { execFileSync } from 'node:child_process';

const npm = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
const bom = JSON.parse(execFileSync('npm', npm, { encoding: 'utf8', maxBuffer: 64e6, stdio: ['ignore', 'pipe', 'inherit'] }));
const isDev = (c) => (c.properties ?? []).some((p) => p.name === 'cdx:npm:package:development' && p.value === 'true');
const components = bom.components.filter((c) => !isDev(c));
const kept = new Set([bom.metadata.component['bom-ref'], ...components.map((c) => c['bom-ref'])]);
const dependencies = bom.dependencies
  .filter((d) => kept.has(d.ref))
  .map((d) => ({ ...d, dependsOn: d.dependsOn.filter((ref) => kept.has(ref)) }));
process.stdout.write(`${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`);
