/** DDL as SQL, in whatever file. */
import type { Idea } from "../content/idea.ts";
import { ENDS, GAP, isStatement, NAME, statementEnd } from "../content/sql.ts";
import { eachOf } from "../content/words.ts";

const KIND = `(?:(?:or${GAP}(?:replace|alter)|unique|clustered|nonclustered|fulltext|spatial|bitmap|materialized|temporary|temp|global|local|unlogged|foreign|external|virtual|recursive|event|default|force|trusted)${GAP})`;
const OBJECT =
  "(?:table|index|view|schema|database|type|sequence|trigger|function|procedure|proc|policy|extension|domain|role|user|collation|aggregate|publication|subscription|tablespace|keyspace|synonym|statistics|enum|rule|columnfamily|privileges)";
const IF = `(?:concurrently${GAP})?(?:if${GAP}(?:not${GAP})?exists${GAP})?(?:only${GAP})?`;
const ANY_NAME = new RegExp(
  `\\b(?<verb>create|alter|drop)${GAP}${KIND}?${KIND}?${KIND}?(?<object>${OBJECT})${GAP}(?<if>${IF})${NAME}`,
  "giu",
);

/** What goes on behind the name of a statement that is written like a sentence. */
const AFTER_CREATE: Readonly<Record<string, RegExp>> = {
  table: /^["'`\]\\]{0,3}\s*(?:\\[nrt])?\s*(?:\(|as\s+(?:select|with|\()|like\s|partition\s+of|using\s|of\s|inherits|\/\*|--)/i,
  index: /^["'`\]\\]{0,3}\s*(?:\\[nrt])?\s*on\s+\S+\s*(?:\(|using)/i,
  view: /^["'`\]\\]{0,3}\s*(?:\([^)]{0,200}\)\s*)?(?:with\s+\S+\s+)?as\s*(?:\(|select|with)/i,
  type: /^["'`\]\\]{0,3}\s*(?:as\s*(?:enum|range|\()|from\s|\()/i,
  function: /^["'`\]\\]{0,3}\s*\(/i,
  procedure: /^["'`\]\\]{0,3}\s*(?:\(|as\s|@)/i,
  proc: /^["'`\]\\]{0,3}\s*(?:\(|as\s|@)/i,
  trigger: /^["'`\]\\]{0,3}\s*(?:before|after|instead\s+of|on)\s+(?:insert|update|delete|truncate|\S+\s+for)/i,
  policy: /^["'`\]\\]{0,3}\s*[\w ]{0,60}["'`\\]{0,2}\s*on\s+\S+\s*(?:as|for|to|using|with|;)/i,
  domain: /^["'`\]\\]{0,3}\s*(?:as\s)/i,
  role: /^["'`\]\\]{0,3}\s*(?:with\s|login|nologin|superuser|password|in\s+role|["'`;])/i,
  user: /^["'`\]\\]{0,3}\s*(?:with\s+(?:password|login|encrypted)|identified\s|for\s+login)/i,
};
const AFTER_NAME =
  /^(?:["'`]|\\["'`]|\s*(?:;|\\[nrt]|\r?\n|$|cascade\b|restrict\b|authorization\b|with\s*\(|with\s+replication|start\s+with|increment\s|owner\s|encoding\s|charset\s))/i;
const AFTER_ALTER =
  /^["'`\]\\]{0,3}(?:\s|\\[nrt])*(?:\([^)]{0,100}\)\s*)?(?:add|drop|alter|rename|modify|change|set\s|enable|disable|attach|detach|owner|convert|engine|reset|validate|inherit|cluster|replica|with\s+(?:check|nocheck)|restart|\$\{|%s|\{|\/\*|--|["'`]\s*[+.])/i;
const AFTER_DROP = /^(?:["'`]|\\["'`]|\s*(?:;|,\s*\w+\s*[;"'`]|\\[nrt]|\r?\n|$|cascade\b|restrict\b|on\s+\w+\s*[;"'`]|\/\*|--))/i;

const followsOf = (verb: string, object: string): RegExp =>
  verb === "alter" ? AFTER_ALTER : verb === "drop" ? AFTER_DROP : (AFTER_CREATE[object] ?? AFTER_NAME);

const TYPE =
  "(?:big|small|tiny|medium)?(?:int(?:eger|[248])?|serial|text|varchar|char|character|n?varchar2?|bool(?:ean)?|numeric|decimal|float|double|real|date|datetime|time(?:stamp)?(?:tz)?|json[b]?|uuid|blob|bytea|number|money|enum|bit)";

export const statements: readonly Idea[] = [
  {
    because: "SQL that changes the database's schema",
    words: eachOf(["create", "alter", "drop"], ENDS),
    pattern: ANY_NAME,
    statement: true,
    accepts: (found) => {
      const { verb = "", object = "", if: exists } = found.match.groups ?? {};
      return Boolean(exists) || isStatement(found, followsOf(verb.toLowerCase(), object.toLowerCase()));
    },
    end: statementEnd,
  },
  {
    because: "a part of SQL that changes a column or a constraint",
    words: eachOf([" ", "n", "r", "t"], ["column", "constraint"], ENDS),
    pattern: new RegExp(
      `\\b(?:add|drop|alter|modify|rename|change)${GAP}(?:column|constraint)${GAP}(?:if${GAP}(?:not${GAP})?exists${GAP})?${NAME}`,
      "giu",
    ),
    statement: true,
    accepts: (found) =>
      isStatement(
        found,
        new RegExp(
          `^["'\`\\]\\\\]{0,3}\\s*(?:${TYPE}\\b|to\\s+\\w+["'\`;]|set\\s+(?:default|not|data)|drop\\s+(?:default|not)|type\\s|primary|foreign\\s+key|unique\\s*\\(|check\\s*\\(|;)`,
          "i",
        ),
      ),
  },
  {
    because: "SQL that renames a table or changes who may use it",
    words: eachOf(["rename", "grant", "revoke", "comment"], ENDS),
    pattern: new RegExp(
      `\\b(?:rename${GAP}table|(?:grant|revoke)${GAP}(?:all|select|insert|update|delete|usage|execute|create|connect|references|truncate|trigger)\\b[\\w\\s,()]{0,200}?\\bon|comment${GAP}on${GAP}(?:table|column|function|schema|view|type|index))${GAP}${NAME}`,
      "giu",
    ),
    statement: true,
    accepts: (found) => isStatement(found, /^["'`\]\\]{0,3}\s*(?:to|from|is)\s+\S+\s*(?:["'`;)]|$|\n|with\s)/i),
    end: statementEnd,
  },
];
