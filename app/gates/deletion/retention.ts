/** How long data stays, and what keeps it from going. */
import type { Found, Idea } from "../content/idea.ts";
import { eachOf } from "../content/words.ts";

const ofWorkflow = ({ text, from }: Found): boolean =>
  /upload-(?:pages-)?artifact/.test(text.slice(Math.max(0, from - 600), from)) || /^retention-days/.test(text.slice(from, from + 14));

export const retention: readonly Idea[] = [
  {
    because: "how long data stays",
    words: ["retention", "retain", "keep_", "keep-", "keepd", "keepw", "keepm", "keepl", "keeph", "keepf"],
    pattern:
      /retention(?:[-_.]?(?:in[-_.]?)?(?:days?|hours?|minutes|seconds|weeks|months|years|ms|period|bytes|policy|time|size|duration|limit|count)(?:[-_.]?(?:in[-_.]?)?(?:days|hours|seconds|minutes|ms))?)?["']?\s{0,9}(?::|=>?|,)\s{0,9}(?=["']?\$?\{?[\w(-])|\b(?:keep|retain)[-_]?(?:days|weeks|months|daily|weekly|monthly|last|hours|for)\b["']?\s{0,9}[:=]\s{0,9}["']?\d|--keep-(?:daily|weekly|monthly|last|yearly)\b|\b(?:add|remove|drop)_retention_policy\s{0,9}\(|\bretention_keep_table\b/gi,
    accepts: (found) => {
      if (ofWorkflow(found)) return false;
      const bare = /retention["']?\s{0,9}(?::|=>?|,)\s{0,9}$/i.test(found.match[0]);
      return (
        !bare ||
        /^["']?(?:\d{1,9}\s{0,3}(?:ms|s|m|h|d|w|y|M|days?|hours?|weeks?|months?|years?|minutes?|seconds?)\b|P\d|Duration|timedelta|RetentionDays|logs\.|\{?\s{0,9}days|\d{1,2}\.(?:days|months|weeks|years|hours))/.test(
          found.after,
        )
      );
    },
  },
  {
    because: "how long data stays",
    words: [
      "expireafterseconds",
      "expire_after_seconds",
      "expiration",
      "timetolive",
      "time_to_live",
      "ttl ",
      "ttl{",
      "min_age",
      "message_retention",
      "messageretention",
      "expires:",
      "lifecycle_rule",
      "bucket_lifecycle",
      "cleanup.policy",
      "delete_after",
      "days_to",
      "daysto",
      "days_until",
      "daysuntil",
      "purgeafter",
      "purge_after",
      "purgeolder",
      "purge_older",
      "olderthan",
      "older_than",
    ],
    pattern:
      /\bexpireAfterSeconds\b|\bexpire_after_seconds\b|\bnoncurrent_?version_?expiration\b|\b(?:expiration|Expiration)(?:_?[iI]n_?[dD]ays|Date)\b|\bTimeToLiveSpecification\b|\bUpdateTimeToLive\w*|\bdefault_time_to_live\b|\bTTL\s{1,9}[\w.()]{1,60}\s{0,9}\+\s{0,9}(?:INTERVAL|to\w{1,10})|\busing\s{1,9}ttl\s{1,9}\d|\b(?:default_)?(?:table|partition)_expiration(?:_ms|_days)?\b|\btimeToLiveAttribute\b|\bttl\s{0,9}\{\s{0,40}(?:attribute_name|enabled)|["']?delete["']?\s{0,9}:\s{0,9}\{\s{0,40}["']?min_age\b|\b(?:message_retention_seconds|MessageRetentionPeriod)\b|\bexpiration\s{0,9}\{\s{0,40}(?:days|date|expired_object)|["']?Expiration["']?\s{0,9}[:=]\s{0,9}\{?\s{0,40}["']?(?:Days|Date|days)|\bexpiration:\s{0,9}(?:cdk\.)?Duration|\bdelete_after\b["']?\s{0,9}[:=]\s{0,9}\d|\bdays_?(?:to_?keep|until_?delet\w{0,5})\b["']?\s{0,9}[:=]|\bexpires:\s{0,9}["']?\d{1,9}(?:["',\s]|d|h)\b(?=[^\n]{0,40}\n?)(?=[\s\S]{0,200}mongoose)|\blifecycle_rule\b\s{0,9}\{|\baws_s3_bucket_lifecycle_configuration\b|\bcleanup\.policy["']?\s{0,9}[:=]\s{0,9}["']?(?:compact,)?delete\b|\bpurge_?(?:after|older)\w{0,20}["']?\s{0,9}[:=]\s{0,9}\d|\bolder_?than_?days["']?\s{0,9}[:=]/g,
    families: ["js", "py", "rb", "go", "jvm", "net", "php", "data", "sql", "shell", "rs", "ex"],
  },
  {
    because: "a job that clears old data by the clock",
    words: // As they end what says that something is cleared: `purge_old`, `cleanUpExpired`.
      eachOf(["e", "r", "p", "n", "-", "_", " "], ["old", "expired", "stale", "inactive", "orphaned", "deleted"]),
    pattern:
      /\b(?:purge|prune|delete|wipe|erase|clear|cleanup|clean|remove|expire)[-_ ]?(?:up[-_]?)?(?:old|expired|stale|inactive|orphaned|deleted)\w{0,40}(?=[\s\S]{0,200}?(?:\bcron\b|\bschedule\b|\bevery\b|crontab|\d \d{1,2} [\d*/,-]{1,9} [\d*/,-]{1,9} [\d*/,-]{1,9}))[\s\S]{0,200}?(?:\bcron\b|\bschedule\b|\bevery\b|crontab)[^\n]{0,80}|(?:\bcron\b|\bschedule\b|\bevery\b|crontab|\d \d{1,2} [\d*/,-]{1,9} [\d*/,-]{1,9} [\d*/,-]{1,9})[^\n]{0,80}\n?[^\n]{0,80}?\b(?:purge|prune|delete|wipe|erase|cleanup|clean|remove)[-_]?(?:old|expired|stale|inactive|orphaned|deleted)\w{0,40}/gi,
    accepts: ({ match }) =>
      !/(?:purge|prune|delete|clear|clean|cleanup|remove)[-_ ]?(?:up[-_]?)?(?:old|expired|stale)[-_]?(?:\w{0,20})?(?:cache|image|build|artifact|branch|tmp|temp)/i.test(
        match[0],
      ),
  },
  {
    because: "what keeps data from being deleted",
    words: [
      "force_destroy",
      "forcedestroy",
      "prevent_destroy",
      "deletion_protection",
      "deletionprotection",
      "final_snapshot",
      "finalsnapshot",
      "reclaimpolicy",
      "reclaim_policy",

      "deletionpolicy",
      "updatereplacepolicy",
      "removalpolicy",
      "removal_policy",
      "autodeleteobjects",
      "auto_delete_objects",
      "whendeleted",
      "whenscaled",
      "purge_protection",
      "purge_soft_delete",
      "soft_delete_retention",
      "object_lock_",
      "terminationprotection",
      "termination_protection",
      "delete_on_termination",
      "deleteontermination",
      "retainondelete",
    ],
    pattern:
      /\bforce_destroy\b\s{0,9}=\s{0,9}(?!false)|\bforceDestroy\b\s{0,9}[:=]\s{0,9}(?!false)|\bprevent_destroy\b|\bdeletion_protection(?:_enabled)?\b["']?\s{0,9}[:=]|\b[dD]eletionProtection(?:Enabled)?\b["']?\s{0,9}[:=]|\bskip_final_snapshot\b\s{0,9}=|\bskipFinalSnapshot\b|\bSkipFinalSnapshot\b|\b(?:persistentVolumeR|r)eclaimPolicy["']?\s{0,9}[:=]|\breclaim_policy\b|\b(?:DeletionPolicy|UpdateReplacePolicy)["']?\s{0,9}:|\bremovalPolicy\b\s{0,9}[:=]|\bremoval_policy\b\s{0,9}=|\bapplyRemovalPolicy\s{0,9}\(|\b(?:autoDeleteObjects|auto_delete_objects)\b|\bwhen(?:Deleted|Scaled)["']?\s{0,9}:|\bpurge_protection_enabled\b|\bpurge_soft_delete_on_destroy\b|\bsoft_delete_retention\w{0,10}\b|\bobject_lock_\w{1,20}\b|\btermination_?[pP]rotection\w{0,10}["']?\s{0,9}[:=]|\bdelete_on_termination\b|\bDeleteOnTermination\b|\bretainOnDelete\b/g,
    families: ["data", "js", "py", "go", "net", "jvm", "shell"],
  },
];
