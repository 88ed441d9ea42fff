/** How the `external_id` of Review-E's check begins where it says that a person overruled the review. */
export const OVERRULED = "overruled:";
