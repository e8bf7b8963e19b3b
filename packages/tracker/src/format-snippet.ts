import type { TrackerOptions } from './options.ts';

/** The lines a site puts into its head. Calls made before the script is there wait in an array. */
export function formatSnippet(scriptUrl: string, options: TrackerOptions): string {
  // "<" would let a value close the script element.
  const literal = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');
  return `<script>
!function(w,d,u,o){var z=w.zhiyin=w.zhiyin||[];if(!z.push||z.options)return;z.options=o;
"identify track page screen group alias reset ready consent flush".split(" ").forEach(function(m){
z[m]=function(){z.push([m].concat([].slice.call(arguments)))}});
var s=d.createElement("script");s.async=1;s.src=u;d.head.appendChild(s)
}(window,document,${literal(scriptUrl)},${literal(options)})
</script>`;
}
