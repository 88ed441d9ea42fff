/** What keeps data from being lost: deletion that only marks, and backups. */
import type { Pattern } from "../content/idea.ts";

export const softDeletion: Pattern = {
  words: [
    "deleted",
    "paranoid",
    "softdelete",
    "soft_delete",
    "sqldelete",
    "sqlrestriction",
    "deletedatecolumn",
    "hasqueryfilter",
    "discarded",
    "default_scope",
    "discard::model",
    "safedeletemodel",
  ],
  pattern:
    /\b(?:deleted_at|deletedAt|DeletedAt|is_deleted|isDeleted|IsDeleted|acts_as_paranoid|paranoid|SoftDeletes?|soft_?deleted?|softDelete[ds]?|SQLDelete|SQLRestriction|DeleteDateColumn|HasQueryFilter|discarded_at|discardedAt|default_scope|Discard::Model|SafeDeleteModel)\b/g,
};

export const backup: Pattern = {
  words: [
    "pg_dump",
    "pg_basebackup",
    "mysqldump",
    "mongodump",
    "wal-g",
    "pgbackrest",
    "barman",
    "restic",
    "borg",
    "velero",
    "xtrabackup",
    "mariabackup",
    "litestream",
    "aws_backup_",
    "backup_retention",
    "backupretention",
    "point_in_time_recovery",
    "pointintimerecovery",
    "automated_backup",
    "backup_configuration",
    "backup_window",
    "backuppolicy",
    "scheduledbackup",
    "snapshot_retention",
  ],
  pattern:
    /\b(?:pg_dump(?:all)?|pg_basebackup|mysqldump|mongodump|wal-g|pgbackrest|barman|restic|borg(?:backup|matic)?|velero|xtrabackup|mariabackup|litestream|aws_backup_\w{1,20}|backup_retention\w{0,10}|BackupRetentionPeriod|backupRetention|point_in_time_recovery\w{0,10}|pointInTimeRecovery\w{0,10}|PointInTimeRecoverySpecification|automated_backup\w{0,20}|backup_configuration|backup_window|BackupPolicy|ScheduledBackup|barmanObjectStore|snapshot_retention\w{0,10})\b/g,
};
