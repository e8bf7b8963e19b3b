/**
 * What Segment's browser SDK fetches before it starts. It makes the SDK send to us, run without remote plugins, and keep
 * its own metrics to itself.
 */
export function formatSdkSettings(writeKey: string, origin: string) {
  const url = new URL('/v1', origin);
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        // Without the scheme: the SDK puts `protocol` before it.
        apiHost: `${url.host}${url.pathname}`,
        protocol: url.protocol.slice(0, -1),
        unbundledIntegrations: [],
        addBundledMetadata: true,
        maybeBundledConfigIds: {},
        versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
      },
    },
    plan: {
      track: { __default: { enabled: true, integrations: {} } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}
