import * as z from 'zod';

/* Names that others have given, each by the rule of whoever has. */

const named = (pattern: RegExp, what: string) => z.string().regex(pattern, what);

/** Source: Elastic Load Balancing API, CreateLoadBalancer and CreateTargetGroup, `Name`. */
const ELB_NAME = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?';

/** Names that Windows and IIS keep for themselves. Source: Azure DevOps, "Naming restrictions and conventions". */
const RESERVED_PROJECTS: readonly string[] = [
  ...['AUX', 'CON', 'NUL', 'PRN', 'SERVER', 'SignalR', 'DefaultCollection', 'Web'],
  ...Array.from({ length: 10 }, (_, index) => [`COM${index + 1}`, `LPT${index + 1}`]).flat(),
  ...['App_Browsers', 'App_code', 'App_Data', 'App_GlobalResources', 'App_LocalResources', 'App_Themes'],
  ...['App_WebResources', 'bin', 'web.config'],
].map((name) => name.toLowerCase());

const project = named(
  /^(?![_.])(?!.*\.$)[^\\/:*?"<>|;#$*{},+=[\]\p{C}]{1,64}$/u,
  'at most 64 characters without \\ / : * ? " < > | ; # $ { } , + = [ ], no _ first, no period first or last',
).refine(
  (name) => !RESERVED_PROJECTS.includes(name.toLowerCase()),
  'another name: Azure DevOps keeps this one',
);

/** Source: git, `git help check-ref-format`. */
const BRANCH = /^(?![-/.])(?!.*(?:\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)))[^\s~^:?*[\\\p{C}]{1,250}(?<![/.])$/u;

const branch = named(BRANCH, 'a name that git takes for a branch, without spaces and ~ ^ : ? * [ \\').refine(
  (name) => !name.startsWith('refs/'),
  { error: ({ input }) => `the branch alone, "${String(input).replace(/^refs\/(?:heads\/)?/, '')}"` },
);

/**
 * Sources: "Naming rules and restrictions for Azure resources" (Microsoft.Resources, Microsoft.Network,
 * Microsoft.ContainerService, Microsoft.DBforMySQL); Azure DevOps, "Naming restrictions and conventions".
 */
export const names = {
  loadBalancer: named(
    new RegExp(`^app/(?!internal-)${ELB_NAME}/[0-9a-f]{16}$`),
    'the end of the ALB ARN: app/NAME/16 hex digits, where NAME has at most 32 letters, digits and -',
  ),
  targetGroup: named(
    new RegExp(`^targetgroup/${ELB_NAME}/[0-9a-f]{16}$`),
    'targetgroup/NAME/16 hex digits, where NAME has at most 32 letters, digits and -',
  ),
  listenerRule: named(
    new RegExp(
      `^arn:aws:elasticloadbalancing:[a-z]{2}(?:-[a-z]+)+-\\d:\\d{12}:listener-rule/app/${ELB_NAME}(?:/[0-9a-f]{16}){3}$`,
    ),
    'the ARN of a rule of an ALB: arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener-rule/app/NAME/ and three times 16 hex digits',
  ),
  resourceGroup: named(
    /^[\w.()-]{1,90}(?<!\.)$/,
    '1 to 90 letters, digits, _, ., (, ) and -, no period at the end',
  ),
  applicationGateway: named(
    /^[A-Za-z0-9](?:[\w.-]{0,78}\w)?$/,
    '1 to 80 letters, digits, _, . and -, first a letter or digit, last one of them or _',
  ),
  aksCluster: named(
    /^[A-Za-z0-9](?:[\w-]{0,61}[A-Za-z0-9])?$/,
    '1 to 63 letters, digits, _ and -, first and last a letter or digit',
  ),
  aksNodePool: named(/^[a-z][a-z0-9]{0,11}$/, 'at most 12 lower-case letters and digits, first a letter'),
  mysqlServer: named(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    '3 to 63 lower-case letters, digits and -, no - first or last',
  ),
  /** Source: Azure Container Apps, "az containerapp job create", `--name`. */
  containerJob: named(
    /^(?!.*--)[a-z][a-z0-9-]{0,30}[a-z0-9]$/,
    '2 to 32 lower-case letters, digits and -, first a letter, no - last and no two together',
  ),
  storageAccount: named(/^[a-z0-9]{3,24}$/, 'the name of a storage account: 3 to 24 of a-z and 0-9'),
  organization: named(
    /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/,
    'at most 50 letters, digits and -, no - first or last',
  ),
  project,
  branch,
};

/** Goes into subjects of mail and headings of Slack, which are one line. */
export const displayName = z
  .string()
  .min(1)
  .max(80)
  .refine(
    (name) => name.trim() === name && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name),
    'one line without spaces at its ends',
  );
