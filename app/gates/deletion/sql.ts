/** Rows, columns, tables and databases deleted by SQL, in whatever file. */
import type { Idea } from "../content/idea.ts";
import { ENDS, GAP, isStatement, NAME, statementEnd } from "../content/sql.ts";
import { eachOf } from "../content/words.ts";

const AFTER_DELETE =
  /^["'`\]\\]{0,3}\s*(?:["'`);|]|\\[nrt]|\r?\n|$|where\b|using\b|returning\b|limit\b|as\s+\w+\s+where|\w{1,3}\s+(?:where|using|join)|\/\*|--|<<|\+|\|\||%|,)/i;
const AFTER_DROP = /^(?:["'`]|\\["'`]|\s*(?:;|,\s*\w+\s*[;"'`]|\\[nrt]|\r?\n|$|cascade\b|restrict\b|\/\*|--))/i;
/** What sends a text to a database. */
const SENT =
  /(?:execute|exec|query|queryRaw\w*|executeRaw\w*|sql|raw|run|statement|prepare|psql|mysql|-[ce]|command|cypher)["'\s(=:`<]{1,12}$/i;

export const sql: readonly Idea[] = [
  {
    because: "SQL that deletes rows",
    words: eachOf(["delete"], ENDS),
    pattern: new RegExp(
      `\\bdelete${GAP}(?:(?:top\\s{0,9}\\(\\s{0,9}\\w{1,20}\\s{0,9}\\)|low_priority|quick|ignore|\\w{1,30})${GAP})?from${GAP}(?:only${GAP})?${NAME}`,
      "giu",
    ),
    statement: true,
    accepts: (found) => isStatement(found, AFTER_DELETE),
    end: statementEnd,
  },
  {
    because: "SQL that deletes rows",
    words: eachOf(["delete"], ENDS),
    pattern: new RegExp(
      `\\bdelete${GAP}(?!from\\b)(?<name>[\\p{L}_#@[][\\w.$#@\\]]{0,60})${GAP}(?:(?:as${GAP})?\\w{1,20}${GAP})?where${GAP}["'\`\\\\[]{0,3}[\\w.$:@]{1,60}["'\`\\\\\\]]{0,3}\\s{0,9}(?:[=<>!]|in\\b|is\\b|like\\b|not\\b|between\\b)`,
      "giu",
    ),
    statement: true,
    accepts: ({ match }) => /[=<>]$|[A-Z]{2}/.test(match[0]),
    end: statementEnd,
  },
  {
    because: "SQL that empties a table",
    words: eachOf(["truncate"], ENDS),
    pattern: new RegExp(`\\btruncate${GAP}(?:table${GAP})?(?:only${GAP})?(?:if${GAP}exists${GAP})?${NAME}`, "giu"),
    statement: true,
    accepts: (found) => {
      if (/^truncate(?:\s|\\[nrt])+(?:table|only|if)\b/i.test(found.match[0])) return isStatement(found, AFTER_DROP);
      if (/^TRUNCATE\s/.test(found.match[0]))
        return /^[ \t]*[;"'`,\n]|^\s+(?:CASCADE|RESTART|RESTRICT)/.test(found.after) || SENT.test(found.before);
      return (
        SENT.test(found.before) || /^["'`]?\s*(?:,\s*\w+\s*)?(?:cascade|restart\s+identity|restrict)\b|^\s*;\s*["'`\n]/i.test(found.after)
      );
    },
    end: statementEnd,
  },
  {
    because: "SQL that drops what holds data",
    words: eachOf(["drop"], ENDS),
    pattern: new RegExp(
      `\\bdrop${GAP}(?:(?:temporary|foreign|external|pluggable)${GAP})?(?:table|database|schema|keyspace|tablespace|column|partition|columnfamily|collection)${GAP}(?<if>if${GAP}exists${GAP})?${NAME}`,
      "giu",
    ),
    statement: true,
    accepts: (found) => Boolean(found.match.groups?.if) || isStatement(found, AFTER_DROP),
    end: statementEnd,
  },
  {
    because: "SQL that drops a column or a partition",
    words: eachOf(["alter"], ENDS),
    pattern: new RegExp(
      `\\balter${GAP}table${GAP}${NAME}[^;]{0,300}?\\b(?:drop|detach)${GAP}(?!constraint|index|default|not|primary|foreign|check|key|trigger|identity|expression|column)(?:partition${GAP})?["'\`\\\\[]{0,3}\\w`,
      "giu",
    ),
    statement: true,
    end: statementEnd,
  },
  {
    because: "SQL that deletes rows as it merges",
    words: ["matched"],
    pattern: new RegExp(`\\bmatched\\b[^;]{0,200}?\\bthen${GAP}delete\\b`, "gi"),
    statement: true,
  },
  {
    because: "rows are deleted along with those they belong to",
    words: ["cascade"],
    pattern: new RegExp(`\\bon${GAP}delete${GAP}cascade\\b`, "gi"),
    statement: true,
  },
];
