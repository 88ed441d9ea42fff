/** What goes along with what is deleted, and what a migration drops. */
import type { Idea } from "../content/idea.ts";
import { bracketEnd } from "../content/sql.ts";

export const cascades: readonly Idea[] = [
  {
    because: "records are deleted along with those they belong to",
    words: ["cascade", "delete_all", "delete-orphan", "orphanremoval", "orphan_removal", "dependent"],
    pattern:
      /\bon_?delete["'`]?\s{0,9}[:=(,]{1,2}>?\s{0,9}["'`:]?(?:(?:\w{1,30}\.){0,2}(?:CASCADE|cascade|Cascade)\b|delete_all\b)|\bcascadeOnDelete\s{0,9}\(|\bDeleteBehavior\.(?:Client)?Cascade\b|\bWillCascadeOnDelete\(\s{0,9}(?:true)?\s{0,9}\)|\bCascadeType\.(?:REMOVE|ALL)\b|\borphan_?removal["']?\s{0,9}[:=]\s{0,9}["']?true\b|\bdelete-orphan\b|\bOnDelete:\s{0,9}CASCADE\b|\bdependent["']?(?::|\s{0,9}=>)\s{0,9}:(?:destroy|delete|delete_all|destroy_async)\b|\bcascade\s{0,9}=\s{0,9}["']all(?=["',])|\bcascade:\s{0,9}\[[^\]\n]{0,60}["']remove["']/gi,
  },
];

export const builders: readonly Idea[] = [
  {
    because: "a migration's call drops what holds data",
    words: [
      "remove_column",
      "drop_table",
      "drop_join_table",
      "remove_reference",
      "remove_belongs_to",
      "remove_timestamps",
      "op.drop_",
      "removefield",
      "deletemodel",
      "droptable",
      "dropcolumn",
      "removecolumn",
      "dropifexists",
      "dropalltables",
      "dropschema",
      "dropdatabase",
      "drop_all",
      "dropallforeign",
      "<delete ",
      "delete:",
    ],
    pattern:
      /(?<![\w"'])(?:remove_columns?|drop_table|drop_join_table|remove_reference|remove_belongs_to|remove_timestamps)\b\s{0,9}\(?\s{0,20}[:"']|\bop\.drop_(?:table|column)\s{0,9}\(|\bmigrations\.(?:RemoveField|DeleteModel)\s{0,9}\(|(?<=(?:\.|->|::)\s{0,9})(?:dropTable|dropColumns?|removeColumn|dropIfExists|dropAllTables|dropSchema|DropTable|DropColumn|DropSchema|dropDatabase|drop_table|drop_all)(?:IfExists)?\s{0,9}[(<]|<(?:dropTable|dropColumn|dropAllForeignKeyConstraints|delete)\s[^>\n]{0,200}tableName|^\s{0,40}-\s(?:dropTable|dropColumn|delete):/gm,
    end: bracketEnd,
  },
  {
    because: "a collection or a bucket of records is dropped",
    words: ["drop"],
    pattern: /(?:\b(?:collection|coll|table)\w{0,30}|\bcollection\([^()\n]{0,60}\)|\bdb\.\w{1,40})\??\.\s{0,9}drop\s{0,9}\(/gi,
    families: ["js", "py", "rb", "jvm", "php", "shell"],
    accepts: ({ match }) => !/df|frame|pandas/i.test(match[0]),
  },
];
