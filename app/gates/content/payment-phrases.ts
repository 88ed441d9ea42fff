/** What shows in a text that it asks for money, takes it, gives it back or counts it. */
import { GAP_OF_CODE, type Phrase } from "./phrase.ts";

export const paymentPhrases: readonly Phrase[] = [
  {
    says: "Stripe",
    words: ["stripe"],
    pattern: new RegExp(
      String.raw`\bnew\s{1,20}Stripe\s?\(|\bStripe::[A-Z]|\bstripe${GAP_OF_CODE}\.${GAP_OF_CODE}(?!com\b|js\b|network\b)[a-zA-Z]|"stripe_(?:price|product|plan|coupon|customer|webhook)`,
      "gi",
    ),
    reach: Number.POSITIVE_INFINITY,
  },
  {
    says: "another payment provider",
    words: ["braintree", "adyen", "paypal", "mollie", "klarna", "razorpay", "skpayment", "storekit", "billingclient"],
    pattern:
      /\bBraintree(?:Gateway|\s?\.\s?(?!com\b)[a-z])|\bAdyen(?:Client|\s?\.\s?(?!com\b)[a-z])|\bPayPal(?:HttpClient|\s?\.\s?(?!com\b)[a-z])|\bcreateMollieClient\b|\bKlarna(?:Client|\s?\.\s?(?!com\b)[a-z])|\bRazorpay\s?\(|\bSKPayment|\bimport StoreKit\b|\bBillingClient\b/gi,
  },
  {
    says: "a key of a payment provider",
    words: ["k_live_", "whsec_", "stripe_", "adyen_", "paypal_", "braintree_", "klarna_", "mollie_", "paddle_", "razorpay_"],
    pattern: /\b[srp]k_live_|\bwhsec_|\b(?:STRIPE|ADYEN|PAYPAL|BRAINTREE|KLARNA|MOLLIE|PADDLE|RAZORPAY)_[A-Z]/g,
  },
  {
    says: "an amount of money",
    reach: 60,
    words: [
      "unitamount",
      "unit_amount",
      "applicationfee",
      "application_fee",
      "amountin",
      "amount_in",
      "amountcents",
      "amount_cents",
      "price",
      "taxrate",
      "tax_rate",
      "vatrate",
      "vat_rate",
    ],
    pattern:
      /(?:\b|_)(?:unit_?amount|application_?fee|amount_?in_?cents|price_?in_?cents|price_?cents|amount_?cents|(?:tax|vat)_?rate)|price\w{0,20}[ \t]{0,4}\*[ \t]{0,4}[\w(]|[\w)\]][ \t]{1,4}\*[ \t]{1,4}[\w.]{0,40}price/gi,
  },
  {
    says: "that money moves",
    reach: 60,
    words: ["payment", "charge", "refund", "payout", "invoice", "creditnote", "credit_note", "constructevent", "construct_event"],
    pattern:
      /\b(?:capture|refund|void|confirm|cancel|create|process|authorize|retry)_?(?:payment|payment_?intent|charge|refund|payout|invoice|credit_?note)s?\s{0,20}\(|\bcharge_?(?:card|customer)\s{0,20}\(|\bconstruct_?event\s{0,20}\(/gi,
  },
];
