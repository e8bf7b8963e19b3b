// node pure.ts <root> <maxEvents> : prepareChunk only + hash of outcome
import fs from 'node:fs';
import { createHash } from 'node:crypto';
const root = process.argv[2]!; const max = Number(process.argv[3] ?? 50000); const rounds=Number(process.argv[4]??3);
const src = `${root}/packages/server/src`;
const { workspaceSettingsSchema } = await import('@zhiyin/contract');
const { prepareChunk } = await import(`${src}/clean/chunk/prepare-chunk.ts`);
const { createWorkspaceVault } = await import(`${src}/storage/vault/workspace-vault.ts`);
const b=(n:number)=>Buffer.alloc(32,n);
const mkVault=()=>createWorkspaceVault({ control: undefined as any, workspaceId: 1 as any, keys: { surrogate:b(1), message:b(2), record:b(3), wrap:b(4), index:b(5) } as any, phoneCountry:'CN' });
const settings = { 1: { workspace:{ timeZone:'Asia/Shanghai', currency:'CNY', settings: workspaceSettingsSchema.parse({}) }, rules:[], policies:[] } };
const records:any[]=[]; let n=0;
const file = process.argv[5] ?? '/tmp/clean-perf/batches.ndjson';
for (const line of fs.readFileSync(file,'utf8').split('\n')) {
  if (!line || n>=max) break; const [count, body] = JSON.parse(line); n+=count;
  records.push({ kind:'calls', workspaceId:1, sourceId:1, importId:0, receivedAt:new Date('2026-11-22T10:00:00Z'), route:'batch', ip:'127.0.0.1', userAgent: records.length%3 ? 'node' : 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50(0x1800323b) NetType/WIFI Language/zh_CN', count, body:Buffer.from(body) });
}
const h = createHash('sha256'); 
for (let r=0;r<rounds;r++){
  const vaults = new Map([[1, mkVault()]]);
  const t=process.cpuUsage();
  for (let i=0;i<records.length;i+=10){
    const chunk={ journalId:'j', from:{segment:1,offset:i}, next:{segment:1,offset:i+10}, records:records.slice(i,i+10), token:'t' };
    const p = prepareChunk(chunk as any, settings as any, vaults as any);
    if (r===0) for (const x of p) { const k=x.kept; 
      const tables=k?.tables.map((t:any)=>[t.table, typeof t.row==='string'? JSON.parse(t.row): t.line? JSON.parse(t.line) : JSON.parse(JSON.stringify(t.row))]);
      const q=x.quarantine && {...(x.quarantine as any), raw_sealed:0};
      const canon=(v:any):any=>Array.isArray(v)?v.map(canon):v&&typeof v==='object'&&!(v instanceof Date)?Object.fromEntries(Object.keys(v).sort().map(k=>[k,canon(v[k])])):v;
      const d = x.outcome.result.kind==='event'? x.outcome.result.draft:undefined;
      const line = JSON.stringify(canon([x.day,x.verdict,q,tables,k?.messageKey,k?.identities,k?.values,k?.edges,k?.repairs,d?.observed])); h.update(line); if (process.env.DUMP) fs.appendFileSync(process.env.DUMP, line+'\n'); }
  }
  const c=process.cpuUsage(t); if (r) console.log('round',r,((c.user+c.system)/n).toFixed(2),'us/event');
}
console.log(n, 'hash', h.digest('hex').slice(0,16), 'rss', Math.round(process.memoryUsage.rss()/1e6));
