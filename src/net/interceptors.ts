/**
 * Issuers that sit in other people's connections: antivirus programs, company proxies, filters, debugging proxies. A phrase is
 * taken from the certificates these products make; phrases that a public authority or a plain private one might use are left out.
 */
const PRODUCTS: readonly (readonly [product: string, phrases: RegExp])[] = [
  ['Avast', /\bavast\b/],
  ['AVG', /\bavg\b.{0,20}(shield|technologies|antivirus|root|trusted)/],
  ['Kaspersky', /kaspersky/],
  ['ESET', /\beset\b.{0,20}(ssl|filter|root|spol)|eset ssl filter/],
  ['Bitdefender', /bitdefender|\bca\.net-defender|net-defender/],
  ['Norton', /norton (web|mail|antivirus|security|360)|nortonlifelock|symantec (web|mail) shield|symantec endpoint/],
  [
    'McAfee',
    /mcafee (web|client proxy|endpoint|gateway)|mcafee, (inc|llc).{0,40}(proxy|gateway|web)|skyhigh (security|web gateway)/,
  ],
  ['Trend Micro', /trend ?micro.{0,30}(interscan|https|web security|officescan|worry-free|apex|proxy)|interscan web/],
  ['Sophos', /sophos|astaro (web|security|gateway)|cyberoam/],
  ['G DATA', /g data (mail|ssl|web|antivirus|software|root)|\bgdata\b/],
  ['Dr.Web', /dr\.? ?web|doctor web/],
  ['Panda', /panda (security|adaptive|cloud|antivirus|dome)/],
  ['F-Secure', /f-secure|withsecure/],
  ['Avira', /avira/],
  ['BullGuard', /bullguard/],
  ['Comodo Internet Security', /comodo (internet security|antivirus|dome|secure dns)/],
  ['ZoneAlarm', /zonealarm/],
  ['K7', /k7 (computing|antivirus|web)/],
  ['Quick Heal', /quick ?heal|seqrite/],
  ['360', /360 (total|safe|internet|antivirus|mail|安全)|奇虎|qihoo/],
  ['Tencent PC Manager', /tencent pc ?manager|电脑管家/],
  ['Sangfor', /sangfor|深信服/],
  ['AdGuard', /adguard/],
  ['Zscaler', /zscaler/],
  ['Netskope', /netskope|goskope/],
  ['Fortinet', /fortinet|fortigate|forticlient/],
  ['Palo Alto Networks', /palo ?alto|globalprotect|prisma access/],
  ['Blue Coat', /blue ?coat|proxysg/],
  ['Cisco', /cisco (umbrella|ironport|web security|secure web|firepower|meraki|wsa)|opendns/],
  ['Check Point', /check ?point (software|firewall|https|security|gateway|inspection)|checkpoint https/],
  ['WatchGuard', /watchguard|fireware/],
  ['SonicWall', /sonicwall/],
  ['Barracuda', /barracuda/],
  ['Forcepoint', /forcepoint|websense/],
  ['Untangle', /untangle|arista ng firewall/],
  ['Smoothwall', /smoothwall/],
  ['iboss', /\biboss\b/],
  ['Cato Networks', /cato networks/],
  ['Menlo Security', /menlo security/],
  [
    'Cloudflare Gateway',
    /cloudflare for teams|gateway ca - cloudflare|cloudflare gateway|cloudflare managed.{0,20}(gateway|zero trust)/,
  ],
  ['Kerio', /kerio (control|connect proxy|technologies)/],
  ['Squid', /\bsquid\b/],
  ['pfSense', /pfsense.{0,30}(squid|proxy|ssl|intercept|filter)/],
  ['OPNsense', /opnsense.{0,30}(squid|proxy|ssl|intercept|filter)/],
  ['Lightspeed', /lightspeed (systems|rocket|relay)/],
  ['Securly', /securly/],
  ['GoGuardian', /goguardian/],
  ['Linewize', /linewize|family zone/],
  ['ContentKeeper', /contentkeeper/],
  ['Covenant Eyes', /covenant eyes/],
  ['Net Nanny', /net nanny|contentwatch/],
  ['Qustodio', /qustodio/],
  ['mitmproxy', /mitmproxy/],
  ['Fiddler', /fiddler/],
  ['Charles', /charles (proxy|web debugging)/],
  ['Burp', /portswigger|burp suite/],
  ['OWASP ZAP', /owasp (zap|zed)|zed attack proxy/],
  ['HTTP Toolkit', /http ?toolkit/],
  ['Proxyman', /proxyman/],
  ['Superfish', /superfish|komodia|privdog/],
];

const GENERIC =
  /(ssl|tls|https|web|mail|traffic)[ -](inspection|interception|decryption|scanning|bump|proxy|filter)\b|man.in.the.middle|\bdpi-ssl\b/;

/** @returns the product whose issuer this is, in quotes where only its own words tell; undefined for other issuers. */
export function interceptorOf(issuer: string): string | undefined {
  const text = issuer.slice(0, 1000).replace(/\\(.)/g, '$1').toLowerCase();
  const known = PRODUCTS.find(([, phrases]) => phrases.test(text))?.[0];
  if (known) return known;
  const generic = GENERIC.exec(text)?.[0];
  return generic && `“${generic}”`;
}
