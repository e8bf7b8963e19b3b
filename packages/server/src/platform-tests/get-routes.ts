/** As much of an OpenAPI document as these tests read. */
type Parameter = { name: string; in: string; required?: boolean; schema?: { enum?: string[] } };
type Document = { paths: Record<string, Record<string, { parameters?: Parameter[] }>> };

export type Values = Readonly<Record<string, readonly (string | number)[]>>;

/**
 * Every GET of the API with every combination of the given values in its path, and a query for each parameter that has a value.
 * A parameter that nothing is known of is an error: a new route must be looked at by this test.
 */
export function listGetUrls(document: unknown, path: Values, query: Values): { template: string; url: string }[] {
  return Object.entries((document as Document).paths).flatMap(([template, methods]) => {
    if (!methods.get) return [];
    const parameters = methods.get.parameters ?? [];
    let urls = [template];
    for (const { name, schema } of parameters.filter((parameter) => parameter.in === 'path')) {
      const values = path[name] ?? schema?.enum;
      if (!values) throw new Error(`GET ${template}: no value for {${name}}`);
      urls = urls.flatMap((url) => values.map((value) => url.replace(`{${name}}`, encodeURIComponent(value))));
    }
    const asked = parameters.filter((parameter) => parameter.in === 'query');
    for (const { name, required } of asked) {
      if (required && !query[name]) throw new Error(`GET ${template}: no value for ?${name}`);
    }
    const required = asked.filter((parameter) => parameter.required).map(({ name }) => `${name}=${query[name]![0]}`);
    const optional = asked
      .filter((parameter) => !parameter.required)
      .flatMap(({ name }) => (query[name] ?? []).map((value) => `${name}=${encodeURIComponent(value)}`));
    const queries = [required, ...optional.map((one) => [...required, one])].map((parts) => parts.join('&'));
    return urls.flatMap((url) => queries.map((text) => ({ template, url: text === '' ? url : `${url}?${text}` })));
  });
}
