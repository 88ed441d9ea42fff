/** What shows in a text that it decides who somebody is and what they may do. */

import type { Phrase } from "./phrase.ts";
import { GAP_OF_CODE } from "./phrase.ts";

export const authPhrases: readonly Phrase[] = [
  {
    says: "how passwords are hashed",
    words: ["bcrypt", "argon2", "scrypt", "pbkdf2", "passw", "hash::"],
    pattern:
      /\b(?:bcrypt|argon2(?:id)?|scrypt|pbkdf2)\s{0,20}(?:\.|::|\()|\bhas_secure_password\b|\bPasswordEncoder\b|\bpassword_(?:hash|verify)\s?\(|\b(?:make|check)_password\s?\(|\bHash::(?:make|check)\b|\b(?:md5|sha\d{1,3}|hash\w{0,10})\s?\([\w.\s]{0,30}passw/gi,
  },
  {
    says: "how tokens are made or checked",
    words: ["jwt", "parsewithclaims"],
    pattern: new RegExp(
      String.raw`\bjwt${GAP_OF_CODE}\.${GAP_OF_CODE}(?:verify|sign|decode|encode|parse)|\bjwts\s{0,20}\.\s{0,20}(?:builder|parser)|\bverify_jwt\b|\bjwtVerify\s?\(|\bSignJWT\b|\bParseWithClaims\b|\bAddJwtBearer\b`,
      "gi",
    ),
    reach: Number.POSITIVE_INFINITY,
  },
  {
    says: "that a check is left out",
    words: ["skip_", "anonymous", "permit", "csrf", "protect_from", "allow_un", "allowany", "withoutm", "authentication_c"],
    pattern:
      /\bskip_(?:before_action\s{1,20}:?(?:authenticate|authorize|require|verify)|authoriz|authenticat|forgery_protection)|\bAllowAnonymous\b|\bpermit_?all\b|\bcsrf_exempt\b|\bprotect_from_forgery\b|\ballow_unauthenticated_access\b|\bAllowAny\b|\bcsrf\s?\(\s?\)\s{0,20}\.\s{0,20}disable|\bwithoutMiddleware\s?\(|\bauthentication_classes\s{0,20}=/gi,
  },
  {
    says: "which roles may do something",
    words: ["@pre", "@post", "@sec", "@rol", "@deny", "@auth", "permission_classes", "[authorize", "hasrole", "hasany", "hasauth", "role"],
    pattern:
      /@(?:PreAuthorize|PostAuthorize|Secured|RolesAllowed|DenyAll|Roles)\b|\bpermission_classes\s{0,20}=|\[Authorize\s?\(|\bhas(?:Any)?(?:Role|Authority)\s?\(|\brole\s{0,4}[!=]==?\s{0,4}["\x27]|@auth\s?\(/g,
  },
  {
    says: "how people sign in",
    words: [
      "passport",
      "nextauth",
      "auth.",
      "auth::",
      "session[",
      "session.user",
      "signin",
      "login_user",
      "accesstoken",
      "access_token",
      "refreshtoken",
      "refresh_token",
      "next-auth",
      "oauth2client",
      "auth_",
      "authentication",
      "authorization",
      "clerkm",
    ],
    pattern:
      /\bpassport\s{0,20}\.\s{0,20}use\b|\bNextAuth\s?\(|\bOAuth2Client\b|\bAUTHENTICATION_BACKENDS\b|\bAUTH_(?:PASSWORD_VALIDATORS|USER_MODEL)\b|\b(?:Add|Use)Authentication\s?\(|\bclerkMiddleware\b|["\x27]next-auth\b|\bauth\.(?:getSession|setSession|signIn|signOut|signUp|admin|verify|createUser|api)|\bAuth::[a-z]|\bsession\[[:"\x27]user|\bsession\.user\w{0,10}\s?=[^=]|\bSignInManager\b|\bsignInWith\w{1,30}\s?\(|\blogin_user\s?\(|\b(?:create|issue|generate)_?(?:access_?|refresh_?)[Tt]oken|\bauth_(?:basic|request|jwt)\b|<(?:authentication|authorization|anonymousAuthentication)\b/g,
  },
  {
    says: "how sessions and cookies are kept",
    words: [
      "session_secret",
      "sessionsecret",
      "session_cookie",
      "session_trusted",
      "csrf_",
      "http_only",
      "httponly",
      "same_site",
      "samesite",
      "secret_key",
      "secure",
    ],
    pattern:
      /\bsession_?secret\b|\b(?:SESSION|CSRF)_(?:COOKIE_[A-Z]{2,20}|TRUSTED_ORIGINS)\b|\bhttp_?only["']?\s{0,20}[:=]\s{0,20}(?:false|0)\b|\bsame_?site["']?\s{0,20}[:=]\s{0,20}["':]?none\b|\bsecret_key(?:_base)?\s{0,20}[:=]|\bsecure["']?\s{0,20}[:=]\s{0,20}false\b/gi,
  },
  {
    says: "which origins may ask",
    words: ["access-control-allow", "cors_", "allowany", "allow_origins", "@cross", "origin"],
    pattern:
      /Access-Control-Allow-(?:Origin|Credentials)["']?\s{0,40}[,:=]?\s{0,40}["']?(?:\*|true)|\bCORS_(?:ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)\b|\bAllowAnyOrigin\b|\ballow_origins\s{0,20}=\s{0,20}\[\s{0,20}["']\*|@CrossOrigin\b|\borigins?["\x27]?\s{0,20}[:=]\s{0,20}\[?["\x27]\*["\x27]/gi,
  },
  {
    says: "who becomes root",
    words: ["nopasswd", "permitroot", "permitempty"],
    pattern: /\bNOPASSWD\b|\bPermitRootLogin\b|\bPermitEmptyPasswords\b/g,
  },
  {
    says: "who has which rights",
    words: ["iam.", "iam_", "iam:", "azurerm_role", "azuread", "kind:", "allusers", "allauth", "policystatement"],
    pattern:
      /\b(?:aws_iam|azurerm_role|azuread)_[a-z]|\biam\.(?:Role|Policy|Grant|User|ManagedPolicy)|\bPolicyStatement\s?\(|\bgoogle_[a-z_]{1,60}_iam_|\bAWS::IAM::|\biam:PassRole\b|\bkind:\s{0,20}(?:Cluster)?Role(?:Binding)?\b|\ball(?:Authenticated)?Users\b/g,
  },
  {
    says: "who may read which rows",
    words: ["policy", "security", "grant"],
    pattern:
      /\b(?:create|alter|drop)\s{1,40}policy\s{1,40}["\w]|\brow\s{1,40}level\s{1,40}security\b|\bgrant\s{1,40}(?:select|insert|update|delete|all|usage|execute)\b/gi,
  },
  {
    says: "that certificates are not checked",
    words: ["rejectu", "tls_reject", "insecureskip", "sslverif", "ssl_verif", "verify_none"],
    pattern:
      /\brejectUnauthorized["']?\s{0,20}:\s{0,20}false|\bInsecureSkipVerify\s{0,20}[:=]\s{0,20}true|\bNODE_TLS_REJECT_UNAUTHORIZED\b|\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\b|\bssl_?verify\w{0,20}\s{0,20}[:=]\s{0,20}(?:false|off|none)|\bVERIFY_NONE\b/gi,
  },
  { says: "a private key", words: ["private key"], pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY/g },
];

/** What protects something: it may come and move, but where it goes somebody has to look. */
export const guards: Phrase = {
  says: "a guard that it had",
  words: [
    "require",
    "login",
    "perm",
    "auth",
    "logged",
    "guards",
    "verify",
    "current_",
    "user_can",
    "admin",
    "staff",
    "superuser",
    "super_user",
    "csrf",
    "jwt_",
  ],
  pattern:
    /\brequires?_?(?:auth|login|user|admin|role|permission|session)|\blogin_required\b|\bpermission_required\b|\bauthenticate_\w{1,40}!|\bensure_?(?:auth|logged)|\bis_?authenticated\b|\[Authorize\]|@UseGuards\b|\bbefore_action\s{1,20}:(?:authenticate|authorize|require)|\bauthorize!|\bverify_?token\b|\bauth_?(?:middleware|guard|required|filter|check)|\b(?:current_)?user_can\b|\bget_current_(?:active_)?user\b|\bjwt_required\b|\bauthenticated_user\b|\bauthenticate\s?\(|\b(?:check|has)_?perm|\bis_?(?:admin|staff|super_?user)\b|\bcsrf_?protect|\bwith_?auth\b|\bmiddleware\(\s{0,20}\[?["']auth/gi,
};
