import { byPerson, type Verb } from "./verb.ts";

export const budget: Verb = {
  name: "budget",
  usage: "<usd>",
  description: "Gives the issue another budget, in dollars in all.",
  where: "issue",
  onPeoples: true,
  who: "maintain",
  takes: /^\$?\d{1,6}(\.\d{1,2})?$/,
  speak: (args, hearing) => {
    const { issue, by } = hearing;
    const usd = Number(args.replace("$", ""));
    if (issue.doneAt) return { unable: "It is done." };
    if (usd <= issue.usd)
      return { unable: `$${issue.usd.toFixed(2)} are spent already, and the budget is for the issue in all: name more.` };
    return { events: [byPerson(hearing, { type: "BUDGET_RAISED", data: { by, usd } })] };
  },
};
