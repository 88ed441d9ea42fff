/** Schemas changed by calls: the builders of migrations, of ORMs and of document stores. */
import type { Idea } from "../content/idea.ts";
import { bracketEnd } from "../content/sql.ts";
import { eachOf } from "../content/words.ts";

const CALL = String.raw`\s{0,20}(?:\?\.)?(?:<[^()\n]{0,80}>)?\(`;

export const builders: readonly Idea[] = [
  {
    because: "a migration's call changes the schema",
    words: [
      "_table",
      "_column",
      "_index",
      "_reference",
      "_foreign_key",
      "_constraint",
      "_timestamps",
      "_enum",
      "_extension",
      "_belongs_to",
    ],
    pattern:
      /\b(?:(?:create|drop|rename|change|create_join|drop_join)_table|(?:add|remove|rename|change)_columns?|change_column_(?:null|default|comment)|(?:add|remove|rename)_index|(?:add|remove)_(?:reference|belongs_to|foreign_key|check_constraint|timestamps|unique_constraint|exclusion_constraint)|enable_extension|disable_extension|create_enum|drop_enum)\b\s{0,9}\(?\s{0,20}[:"']/g,
    families: ["rb"],
  },
  {
    because: "a migration's call changes the schema",
    words: ["op.", "migrations.", "schema_editor", "create_all", "drop_all"],
    pattern:
      /\b(?:op\.(?:batch_)?(?:add|drop|alter|create|rename|execute|bulk)\w*\s{0,9}\(|migrations\.(?:Create|Add|Remove|Alter|Rename|Delete|Run|Separate)\w*\s{0,9}\(|schema_editor\.\w+\s{0,9}\(|\.(?:create_all|drop_all)\s{0,9}\()|(?<=\w)\.(?:create_all|drop_all)\s{0,9}\(/g,
    families: ["py"],
  },
  {
    because: "a schema builder's call",
    words: [
      ...eachOf(
        ["create", "drop", "alter", "rename", "add", "remove", "change", "truncate"],
        [
          "table",
          "column",
          "index",
          "constraint",
          "view",
          "type",
          "schema",
          "foreignkey",
          "primarykey",
          "unique",
          "check",
          "enum",
          "extension",
        ],
      ),
      ...eachOf(["create", "drop", "alter", "rename", "add", "remove", "change", "truncate"], ["policy", "function", "trigger"]),
      ...eachOf(["table"], ["(", "<", "?", " "]),
    ],
    pattern: new RegExp(
      String.raw`(?<=\.\s{0,9})(?:(?:create|drop|alter|rename|add|remove|change|truncate)(?:Table|Column|Index|Constraint|View|Type|Schema|ForeignKey|PrimaryKey|UniqueConstraint|CheckConstraint|Enum|Extension|Policy|Function|Trigger|Unique)s?(?:IfNotExists|IfExists)?|table)${CALL}`,
      "g",
    ),
    families: ["js", "jvm", "dart"],
    accepts: ({ match, before, after }) =>
      match[0].startsWith("table")
        ? /\bschema\s{0,40}[?!]?\.\s{0,9}$/i.test(before) && /^\s*["'`]/.test(after)
        : /\b(?:schema|queryInterface|queryRunner|pgm|migrator|qi|qr|q|knex|trx|manager|context)\w{0,20}(?:\([^()\n]{0,40}\))?\s{0,40}[?!]?\.\s{0,9}$/i.test(
            before,
          ),
    end: bracketEnd,
  },
  {
    because: "a schema builder's call",
    words: [
      ...eachOf(["create", "drop", "rename", "alter"], ["table"]),
      ...eachOf(["add", "drop", "remove", "rename", "change", "alter"], ["column"]),
      "schemautils",
    ],
    pattern:
      /(?<=\.\s{0,9})(?:createTable|dropTable|renameTable|alterTable|addColumn|dropColumn|removeColumn|renameColumn|changeColumn|alterColumn)(?:IfNotExists|IfExists)?\s{0,9}(?:\?\.)?\(\s{0,40}["'`]|\bSchemaUtils\.(?:create|drop)\w*\s{0,9}\(/g,
    families: ["js", "jvm"],
    end: bracketEnd,
  },
  {
    because: "EF Core changes the schema",
    words: ["builder.", "ensuredeleted", "ensurecreated"],
    pattern:
      /\b(?:migrationBuilder|modelBuilder|builder)\.(?:\w*(?:Table|Column|Index|Key|Schema|Sequence|Constraint|Sql|Entity)\w*)\s{0,9}[<(]|\.Ensure(?:Deleted|Created)(?:Async)?\(/g,
    families: ["net"],
  },
  {
    because: "Laravel's builder changes the schema",
    words: ["schema::", "$table->"],
    pattern:
      /\bSchema::(?:connection\([^)]{0,60}\)->)?(?:create|table|drop|dropIfExists|rename|dropColumns?|dropAllTables)\s{0,9}\(|\$table->\w+\s{0,9}\(/gi,
    families: ["php"],
  },
  {
    because: "a migration's call changes the schema",
    words: ["table", "index", "constraint"],
    pattern:
      /\b(?:create|alter|drop|drop_if_exists|create_if_not_exists|rename)(?:\s+|\()(?:table|index|unique_index|constraint)\s{0,9}\(\s{0,9}[:"]/g,
    families: ["ex"],
  },
  {
    because: "a migration's call changes the schema",
    words: ["_table", "_index", "_type", "_foreign_key", "table::", "index::", "type::", "foreignkey::", "table!"],
    pattern:
      /\bmanager\s{0,40}\.\s{0,9}(?:create|drop|alter|rename|truncate)_(?:table|index|type|foreign_key)\s{0,9}\(|\b(?:Table|Index|Type|ForeignKey)::(?:create|alter|drop|rename)\(\)|\btable!\s{0,9}[{(]/g,
    families: ["rs"],
    end: bracketEnd,
  },
  {
    because: "GORM or ent changes the schema",
    words: ["automigrate", "migrator()", "schema.create"],
    pattern: /\.AutoMigrate\(|\.Migrator\(\)\s{0,9}\.\s{0,9}(?:Create|Drop|Add|Alter|Rename|Migrate)\w*\(|\.Schema\.Create\(/g,
    families: ["go"],
  },
  {
    because: "Atlas describes a table",
    words: eachOf(["table", "enum", "schema", "view", "materialized", "trigger", "function", "policy"], [" "]),
    pattern: /^(?:table|enum|schema|view|materialized|trigger|function|policy)\s+"[\w.]{1,80}"\s+(?:"[\w.]{1,80}"\s+)?\{/gm,
    families: ["data"],
    needs: /^[ \t]*schema\s*=\s*schema\.|^[ \t]*type\s*=\s*(?:int|bigint|text|varchar|sql\()/m,
    end: bracketEnd,
  },
  {
    because: "changes indexes or rules of a document store",
    words: [
      "createi",
      "create_i",
      "dropi",
      "drop_i",
      "ensurei",
      "searchindex",
      "collmod",
      "createcollection",
      "create_collection",
      "$jsonschema",
      "validationlevel",
      "putmapping",
      "put_mapping",
      "createoneasync",
      "createmany",
    ],
    pattern:
      /(?<=[\w)\]]\s{0,20}[?!]?\.\s{0,9})(?:createIndex(?:es)?|ensureIndex|dropIndex(?:es)?|create_index(?:es)?|drop_index(?:es)?|createCollection|create_collection|createSearchIndex|putMapping|put_mapping|CreateOneAsync|CreateMany)\s{0,9}(?:\?\.)?\(|["'`]?\b(?:collMod|validationLevel)\b["'`]?\s{0,9}[:,]|\$jsonSchema\b/g,
    end: bracketEnd,
  },
  {
    because: "creates or changes a table of DynamoDB",
    words: ["createtable", "updatetable", "create_table", "update_table"],
    pattern:
      /\b(?:CreateTable|UpdateTable)(?:Command|Input|Request)\b|\bdynamo\w{0,20}\.(?:create_table|update_table|createTable|updateTable)\s{0,9}\(/gi,
    families: ["js", "py", "jvm", "go", "net", "rs"],
  },
];
