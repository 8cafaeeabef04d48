/** The only part of node-forge that reads what a peer sent; loading it alone costs a quarter of the whole library. */
declare module 'node-forge/lib/asn1.js' {
  import type { ForgeElement } from './x509.ts';

  const asn1: {
    fromDer(
      bytes: string,
      options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean; maxDepth: number },
    ): ForgeElement;
  };
  export default asn1;
}
