import { type Term, word } from "../paths.ts";

const PART =
  "(?:s|service|gateway|controller|processor|provider|handler|client|api|intent|method|calculator|engine|job|worker|utils?|helpers?|manager|repository|model|page|form|view)?";

/** Words of a path that are about money. Where a word has a second, common meaning, `unless` names its company. */
export const paymentTerms: readonly Term[] = [
  {
    says: "payments",
    is: word(`payment${PART}|pay|payers?|payees?|payables?|receivables?|(?:apple|google|samsung|ali|we-?chat|amazon)-?pay|payroll`),
  },
  { says: "billing", is: word(`billing${PART}|billings|billable|invoice${PART}|invoicing|dunning|proration|credit-?notes?`) },
  {
    says: "money given back or paid out",
    is: word(`refund${PART}|refunding|charge-?backs?|payout${PART}|disbursements?|commissions?|settlements?`),
    unless: word("games?|maps?|village"),
  },
  {
    says: "charges",
    is: word("charges?|charge-(?:card|customer)"),
    unless: word(
      "battery|batteries|ev|evse|station|stations|points?|devices?|phones?|energy|electric|ocpp|firmware|particles?|physics|ions?|molecules?|power|vehicles?|weapons?",
    ),
  },
  {
    says: "a checkout",
    is: word(`check-?out${PART}`),
    unless: word(
      "git|vcs|svn|hg|scm|branch|branches|worktrees?|actions|runner|workflows?|repo|repos|repository|commits?|clone|sparse|hotels?|library|books?|ci|commands|cli",
    ),
  },
  {
    says: "subscriptions",
    is: word(`subscription${PART}|subscription-plans?`),
    unless: word(
      "graphql|gql|apollo|web-?sockets?|ws|sockets?|pub-?sub|rx|rx-?js|combine|reactive|observables?|observers?|streams?|streaming|events?|mqtt|kafka|nats|amqp|rabbit-?mq|sns|sqs|topics?|queues?|push|notifications?|newsletters?|mailing|azure|azurerm|service-?bus|event-?grid|listeners?|feeds?|rss|calendars?|redis|channels?",
    ),
  },
  {
    says: "prices",
    // How one price is rounded or shown is no payment.
    is: word("pricing|price-?(?:lists?|zones?|plans?|tiers?|rules?|engines?|calculators?)"),
    unless: word(
      "price-tags?|stocks?|shares?|crypto|coins?|bitcoin|tickers?|market-data|oil|energy|electricity|spot|quotes?|candles?|ohlc|trading|house-prices",
    ),
  },
  { says: "plans to pay for", is: word("(?:pricing|billing|payment|pay)-plans?|paywalls?") },
  {
    says: "currencies and fees",
    is: word("currency|currencies|fees?"),
    unless: word("crypto|format|formats|formatter|formatting|symbols?|inputs?|select|flags?|charts?"),
  },
  { says: "taxes", is: word("tax|taxes|taxation|vat|gst|(?:tax|vat)(?:service|calculator|rates?|engine)") },
  {
    says: "a payment provider",
    is: word("stripe|plaid"),
    unless: word("css|zebra|tables?|flags?|barber|patterns?|rows?|backgrounds?|tartan|fabrics?"),
  },
  {
    says: "a payment provider",
    is: word(
      "adyen|pay-?pal|braintree|klarna|mollie|razorpay|chargebee|recurly|zuora|lemon-?squeezy|worldpay|go-?cardless|afterpay|twint|datatrans|post-?finance|sumup|revenue-?cat|store-?kit|cyber-?source|authori[sz]e-?\\.?net|woo-?commerce|wc-gateway|paddle[-/](?:webhooks?|billing|api|client|route)|paytrail|vipps|mobile-?pay|paystack|flutterwave|mercado-?pago|pagseguro|fast-?spring|kill-?bill",
    ),
  },
  {
    says: "ways to pay",
    is: word(
      "sepa|iban|ach|bank-?transfers?|wire-?transfers?|direct-?debits?|(?:credit|debit)-?cards?|card-(?:payment|vault)s?|in-?app-?purchases?|bank-?accounts?|banking|accounting|ledgers?|purchases?|donations?|wallets?|money",
    ),
    unless: word("games?"),
  },
  { says: "what takes off a price", is: word("coupons?|vouchers?|gift-?cards?|discounts?|promo-?codes?") },
];
