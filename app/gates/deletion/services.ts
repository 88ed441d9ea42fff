/** Buckets, objects, queues, volumes, disks and whole databases, deleted by a service's client or its command. */
import type { Found, Idea } from "../content/idea.ts";
import { eachOf } from "../content/words.ts";

const TEMPORARY = /(?:te?mp|scratch|preview|ephemeral|cache|lock|rate|throttle|nonce)/i;
/** Things without data of their own. */
const WITHOUT_DATA =
  /\b(?:pods?|po|deploy(?:ment)?s?|jobs?|svc|services?|ing(?:ress)?|configmaps?|cm|rs|replicasets?|events?|hpa|daemonsets?|endpoints?)\b|--dry-run/;

/** `DELETE` that is only a key kept for a while. */
const notPassing = ({ after, match }: Found): boolean =>
  !TEMPORARY.test(/^[^\n,)]{0,60}/.exec(after)?.[0] ?? "") && !/cache/i.test(match[0]);

export const services: readonly Idea[] = [
  {
    because: "empties Redis or deletes its keys",
    words: ["flushall", "flushdb", "flushdatabase"],
    pattern:
      /(?<![\w-])(?:FLUSHALL|FLUSHDB|flushall|flushdb|flushAll|flushDb|flushDB|FlushAll|FlushDB|FlushAllDatabases(?:Async)?|FlushDatabase(?:Async)?)(?![\w-])/gi,
    accepts: ({ before, after, match }) =>
      /^flush/.test(match[0]) ? /[.\s"'`(->]$/.test(before) && /^(?:Async)?\s{0,3}(?:\(|["'`\s;]|$)/.test(after) : true,
  },
  {
    because: "deletes keys of Redis",
    words: ["redis", "rdb"],
    pattern:
      /\b(?:\w{0,20}redis\w{0,20}|rdb)(?:\(\))?\s{0,20}(?:\?\.|\.|->)\s{0,9}(?:del|unlink|delete|Del|Unlink|hdel|zremrangebyscore|zremrangebyrank)\s{0,9}\(/gi,
    accepts: notPassing,
  },
  {
    because: "deletes keys of Redis",
    words: ["redis-cli"],
    pattern: /\bredis-cli\b[^\n;|]{0,120}?\s(?:del|unlink|flushall|flushdb)\b/gi,
    accepts: notPassing,
  },
  {
    because: "deletes objects or a bucket",
    words: [
      ...eachOf(["delete", "delete_"], ["object", "bucket", "blob", "container", "share"]),
      ...eachOf(["remove", "remove_"], ["object", "bucket"]),
      "deletefilesystem",
      "delete_file_system",
      "deletefile_system",
      "deleteifexists",
    ],
    pattern:
      /\b(?:Delete(?:Objects?|Bucket|Blob|Container|FileSystem|Share)(?:Command|Request|Input|IfExists(?:Async)?|Async)?|delete_?(?:objects?|buckets?|blobs?|container|share|file_system)|delete(?:Objects?|Bucket|Blobs?|Container|Share)(?:IfExists|Async)?|remove_?(?:objects?|bucket|Objects?|Bucket)|Remove(?:Objects?|Bucket)(?:Async)?|DeleteIfExists(?:Async)?)\s{0,9}(?:\?\.)?[({]/g,
    families: ["js", "py", "rb", "go", "net", "jvm", "rs", "ex", "php", "swift", "dart"],
    accepts: ({ before }) => /(?:\.|->|::|\bnew\s|&\w{1,20}\.|\?\.)\s{0,9}$/.test(before),
  },
  {
    because: "deletes stored files",
    words: ["storage::", ".delete", ".remove", ".emptybucket", ".purge", "storage.from"],
    pattern:
      /\bStorage::(?:disk\([^()\n]{0,60}\)->)?(?:delete|deleteDirectory)\s{0,9}\(|(?<=\b\w{0,30}(?:[bB]ucket|[bB]lob|storage)(?:\([^()\n]{0,60}\))?)\.(?:delete|deleteFiles|remove|delete_blobs?|emptyBucket)\s{0,9}\(|\.purge(?:_later)?(?![\w(=:])(?=\s*$)|\bstorage\.from\([^()\n]{0,60}\)\s{0,40}\.remove\s{0,9}\(/gm,
    families: ["js", "py", "rb", "php", "go", "jvm", "dart"],
    accepts: ({ before }) => !/(?:local|session)$/i.test(before),
  },
  {
    because: "empties or deletes a queue or a topic",
    words: [
      ...eachOf(["purge", "purge_"], ["queue"]),
      ...eachOf(["delete", "delete_"], ["topic", "queue", "records", "subscription", "stream"]),
      ...eachOf(["queue", "queue_"], ["delete", "purge"]),
      ...eachOf(["delete"], ["consumergroup", "table", "db", "filesystem", "volume", "snapshot", "backup", "recoverypoint", "loggroup"]),
      "obliterate",
      "kafka-topics",
      "kafka-delete-records",
      "rabbitmq",
    ],
    pattern:
      /(?<=[\w)]\s{0,20}(?:\.|->|::))(?:purge_?[qQ]ueue|PurgeQueue|delete_?[tT]opics?|DeleteTopics?|deleteTopic|deleteQueue|delete_queue|DeleteQueue|queueDelete|queuePurge|queue_delete|queue_purge|QueueDelete|QueuePurge|deleteRecords|delete_records|deleteSubscription|delete_subscription|DeleteSubscription|delete_stream|deleteStream|DeleteStream|obliterate|deleteConsumerGroups?|purgeQueue)(?:Async)?\s{0,9}(?:\?\.)?\(|\b(?:PurgeQueue|DeleteQueue|DeleteTopic|DeleteStream|DeleteTable|DeleteDBInstance|DeleteDBCluster|DeleteFileSystem|DeleteVolume|DeleteSnapshot|DeleteBackup|DeleteRecoveryPoint|DeleteLogGroup)(?:Command|Request|Input)\b|\b(?:kafka-topics|kafka-delete-records)(?:\.sh)?\b[^\n;|]{0,200}(?:--delete|--offset-json-file)|\brabbitmq(?:ctl|admin)\s[^\n;|]{0,60}?\b(?:delete_queue|purge_queue|delete|purge|reset|force_reset)\b/g,
  },
  {
    because: "a command that deletes what a cloud keeps",
    words: [
      ...eachOf(["aws", "az", "mc", "fly", "b2"], [" ", '"', "'", ",", "[", "]"]),
      ...["gcloud", "gsutil", "rclone", "azcopy", "s3cmd", "doctl", "flyctl", "heroku", "velero"],
    ],
    pattern:
      /(?<![\w.-])(?:aws|gcloud|gsutil|az|rclone|mc|azcopy|s3cmd|doctl|flyctl|fly|heroku|velero|b2)(?:\s|["',[\]])[^\n;|&]{0,160}?(?:\s|["'])(?:rm|rb|del|delete|purge|destroy|remove|terminate|--delete|--delete-\w{1,20}|pg:reset|empty|cleanup|(?:delete|terminate|purge|remove)-[a-z-]{1,40}|deletefile)(?=["'\s]|$)/gm,
    families: ["shell", "data", "js", "py", "rb", "go", "php", "jvm"],
    accepts: ({ match }) =>
      !/\b(?:delete-message|remove-tags|remove-permission|sqs\s+delete-message|iam\s+policy|ecr\s+batch-delete|cloudfront|untag|remove-targets|revoke|run\s+jobs|container\s+images|artifacts\s+docker)\b/.test(
        match[0],
      ),
  },
  {
    because: "deletes what keeps data in a cluster",
    words: ["kubectl", "oc ", "helm", "k3s"],
    pattern: /\b(?:kubectl|oc)\s[^\n;|&]{0,80}?\bdelete\s[^\n;|&]{1,120}|\bhelm\s{1,9}(?:uninstall|delete)\s[^\n;|&]{1,60}/g,
    accepts: ({ match }) => !WITHOUT_DATA.test(match[0].replace(/^.*?\bdelete\s/s, "").split(/\s-/)[0] ?? "") && !TEMPORARY.test(match[0]),
  },
  {
    because: "deletes volumes",
    words: ["docker", "podman"],
    pattern:
      /\b(?:docker|podman)(?:-compose|\s{1,9}compose)?\s[^\n;|&]{0,80}?(?:\bvolume\s{1,9}(?:rm|prune)\b|\bdown\s[^\n;|&]{0,60}?(?:-v\b|--volumes\b)|\bsystem\s{1,9}prune\s[^\n;|&]{0,40}--volumes\b|\brm\s[^\n;|&]{0,40}?-\w{0,3}v\w{0,3}\b)/g,
  },
  {
    because: "destroys infrastructure with what it keeps",
    words: eachOf(["terraform", "tofu", "terragrunt", "pulumi", "cdk", "sst", "serverless", "cdktf"], [" "]),
    pattern:
      /\b(?:terraform|tofu|terragrunt|pulumi|cdk|sst|serverless|cdktf)\s(?:[^\n;|&]{0,80}?\s)?(?:destroy|-destroy|remove|state\s{1,9}rm)\b/g,
  },
  {
    because: "deletes a database or a disk",
    words: [
      ...["dropdb", "mysqladmin", "mkfs", "wipefs", "lvremove", "vgremove", "pvremove", "blkdiscard", "sgdisk", "zfs ", "zpool ", "btrfs "],
      ...["of=/dev/", "db:drop", "db:reset", "db:purge", "db:wipe", "db:truncate_all", "db:schema:load", "db:migrate:reset", "db:setup"],
      ...[
        "db:fresh",
        "migrate:fresh",
        "migrate:reset",
        "migrate:refresh",
        "manage.py",
        "prisma ",
        "ecto.drop",
        "ecto.reset",
        "schema:drop",
      ],
      ...["supabase ", "flyway ", "drop-all", "dropall"],
    ],
    pattern:
      /(?<![\w.-])(?:dropdb|mysqladmin\s[^\n;|&]{0,80}?\bdrop|mkfs(?:\.\w{1,8})?|wipefs|lvremove|vgremove|pvremove|blkdiscard|sgdisk\s{1,9}(?:-Z|--zap)|zfs\s{1,9}destroy|zpool\s{1,9}destroy|btrfs\s{1,9}subvolume\s{1,9}delete|dd\s[^\n;|&]{0,120}?of=\/dev\/)(?=\s|$|sd|nvme|disk|xvd|vd|["'])|\b(?:db:(?:drop|reset|purge|wipe|truncate_all|schema:load|migrate:reset|setup|fresh)|migrate:(?:fresh|reset|refresh)|manage\.py\s{1,9}(?:flush|reset_db|sqlflush)|prisma\s{1,9}migrate\s{1,9}reset|prisma\s{1,9}db\s{1,9}push\s[^\n;|&]{0,60}--(?:accept-data-loss|force-reset)|(?:mix\s{1,9})?ecto\.(?:drop|reset)|typeorm\s[^\n;|&]{0,80}?schema:drop|sequelize\s[^\n;|&]{0,40}?db:drop|supabase\s{1,9}db\s{1,9}reset|flyway\s[^\n;|&]{0,80}?\bclean|liquibase\s[^\n;|&]{0,80}?\bdrop-?all)\b/gi,
    families: ["shell", "data", "js", "py", "rb", "go", "php", "ex"],
    accepts: ({ before }) => !/RAILS_ENV=test\s[^\n]{0,60}$/.test(before),
  },
  {
    because: "the synchronised copy loses what the source no longer has",
    words: ["rsync "],
    pattern: /\brsync\s[^\n;|&]{0,200}?--del(?:ete(?:-\w{1,20})?)?(?=\s|$)/gm,
  },
];
