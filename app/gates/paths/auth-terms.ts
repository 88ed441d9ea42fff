import { type Term, word } from "../paths.ts";

const PART =
  "(?:s|n|z|service|middleware|handler|controller|helpers?|manager|provider|guard|form|page|view|store|client|api|config|token|filter|context|routes?|router|utils?|server|module|plugin|hook|interceptor)?";

/** Words of a path that are about who somebody is. Where a word has a second, common meaning, `unless` names its company. */
export const authTerms: readonly Term[] = [
  {
    says: "authentication",
    is: word(
      `o-?auth|(?:next|web|basic|http|app|user|require|check|with|use|api)?auth${PART}|authenticat(?:e|ed|es|ing|ion|or|ors)|user-?details-?service|(?:un)?authori[sz](?:e|ed|er|ers|ation|ations)`,
    ),
    unless: /authori[sz]e-?\.?net/,
  },
  {
    says: "sign-in",
    is: word(`(?:user|admin|social)?log-?in${PART}|log-?outs?|logon|logoff|sign-?(?:in|on|out|up)${PART}`),
    unless: /newsletter|mailing|wait-?list|webinar|log-in-(?:memory|file)/,
  },
  {
    says: "sessions",
    is: word("session-?(?:stores?|cookies?|tokens?|secrets?|middleware|managers?|controllers?|services?|fixation)|cookie-?sessions?"),
  },
  {
    says: "sessions",
    is: word("sessions?"),
    unless: word(
      "db|database|sql|sqlalchemy|orm|hibernate|conferences?|talks?|speakers?|agendas?|schedules?|schedule|trainings?|workouts?|yoga|therapy|class|classes|courses?|lessons?|games?|match|chats?|tmux|terminals?|shell|debug|debugger|spark|recordings?|replays?|zoom|video|meetings?|bookings?|events?|analytics|tracking|editor|webrtc|rtc|audio|llm|agents?|prompts?|transcripts?|study|practice|focus|pomodoro|timer|charging|uploads?|downloads?|storage|ssh|jupyter|notebooks?",
    ),
  },
  {
    says: "passwords",
    is: word(
      "pass-?words?|pass-?wd|pass-?phrases?|pass-?codes?|pass-?keys?|htpasswd|password(?:hash|hasher|reset|service|policy|utils?)|credentials?",
    ),
  },
  {
    says: "a second factor",
    is: word("mfa|[2t]-?fa|two-?factor|multi-?factor|totp|hotp|web-?authn|fido|u2f|otp|one-time-(?:password|code)s?"),
    unless: /otp-release|erlang/,
  },
  {
    says: "tokens",
    is: word(
      `jwts?|jws|jwe|jwks?|jwt(?:util|utils|service|provider|filter|helper|handler|tokenprovider|auth)|paseto|bearer|(?:access|refresh|csrf|xsrf|api|bearer|id|session|reset|personal)-tokens?`,
    ),
  },
  {
    says: "tokens",
    is: word("tokens?"),
    unless: word(
      "lexers?|lex|parsers?|parsing|compilers?|tokeni[sz](?:e|er|ers|ation)|syntax|grammars?|ast|nlp|llms?|gpt|openai|anthropic|prompts?|language-models?|designs?|design-system|themes?|styles?|css|ui|colou?rs?|spacing|typography|counters?|counts?|counting|usage|budgets?|limits?|limiter|prices?|erc|nfts?|sale|swap|blockchain|mint|contracts|solidity|buckets?|streams?|markdown|highlight|highlighter|editor|embeddings?|pages?|pagination|cursors?|cancellation|continuation|next|max|ai|completions?",
    ),
  },
  {
    says: "permissions",
    is: word(
      "permissions?|rbac|abac|acls?|iam|access-?(?:control|rules?|polic(?:y|ies)|rights?)|sudoers|impersonat(?:e|ion|or)|privileges?|super-?users?|open-?fga|casbin|can-?can-?can",
    ),
    unless: word("cameras?|location|notifications?|microphone|push|geolocation|photos?|gallery|contacts|bluetooth|file-permissions?|chmod"),
  },
  {
    says: "roles",
    is: word("roles?|role-?bindings?|cluster-?roles?|user-?roles?"),
    unless:
      /(?:^|\/)ansible|roles\/[^/]+\/(?:tasks|handlers|defaults|vars|templates|files|meta|molecule)\/|(?:^|[-/.])(?:role-?play|aria|a11y|jobs?|cast|casting|actors?|movies?|chef|molecule)(?:[-/.]|$)/,
  },
  {
    says: "guards of routes",
    is: /(?:^|\/)guards?\/.*\.(?:ts|js|tsx|jsx|dart|vue)$|\.guard\.(?:ts|js)$/,
    unless: /unsaved|changes|dirty|leave|deactivate|type-?guard|rate/,
  },
  {
    says: "access rules",
    is: /(?:^|\/)app\/policies\/.*\.(?:rb|php)$|(?:^|\/)models\/ability\.rb$|\.rego$|\.cedar$|(?:^|\/)(?:firestore|storage|firebase)\.rules$|(?:^|\/)database\.rules\.json$/,
  },
  {
    says: "identity providers",
    is: word(
      "sso|saml|oidc|open-?id|open-?id-?connect|ldap|kerberos|key-?cloak|okta|cognito|entra|azure-?ad|active-?directory|msal|adfs|devise|doorkeeper|omni-?auth|warden|shiro|super-?tokens|kratos|idp|zitadel|workos|stytch|fusion-?auth|authelia|authentik|clerk-(?:client|middleware|webhook)",
    ),
  },
  {
    says: "identity providers",
    is: /(?:^|\/)passport\.[a-z]+$|(?:^|[-/])passport-(?:local|jwt|google|github|facebook|oauth\d*|saml|config|strateg)/,
  },
  {
    says: "identities",
    is: word("identity|identities"),
    unless:
      /(?:^|[-/])(?:utils?|lib|fp|fn|func|functions?|functors?|monads?|matrix|matrices|visual|brand|branding|corporate|math|linalg|lodash)(?:[-/.]|$)/,
  },
  { says: "security", is: word("security"), unless: /social-security|home-security|camera|security\.txt|security-?(?:advisor|scan|audit)/ },
  { says: "requests from other sites", is: word("cors(?:config|filter|middleware)?|csrf|xsrf") },
  {
    says: "keys and secrets",
    is: word(
      "crypto|cryptography|(?:en|de)crypt(?:ion|ed|er|ers|or|s)?|ciphers?|key-?(?:stores?|chains?|rings?|vaults?)|key-(?:rotation|management)|trust-?stores?|(?:api|signing|private|public|secret|encryption|ssh|master|host|session|service-account)-keys?|kms|secrets?|hmac|pki|mtls",
    ),
    unless: word(
      "prices?|currency|currencies|crypto-?currenc(?:y|ies)|coins?|tickers?|market|markets|portfolios?|nfts?|secret-santa|secret-(?:level|garden|door)",
    ),
  },
  {
    says: "keys and secrets",
    is: /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)$|(?:^|\/)(?:id-(?:rsa|ed25519|ecdsa|dsa)|authorized-keys|sshd-config|pam\.d|\.htaccess|\.htpasswd|\.netrc)(?:[/.]|$)/,
  },
];
