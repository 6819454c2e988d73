/* Identifiers of organisations, as org-id.guide writes them: a register, and the number in it.
 *
 * GB-CHC-1036460     Charity Commission for England and Wales: six or seven digits, -1 for a linked one
 * GB-SC-SC012345     Scottish charity regulator: SC and six digits
 * GB-NIC-100012      Charity Commission for Northern Ireland: six digits (NIC in front is understood)
 * GB-COH-04113525    Companies House: eight characters, two letters first for all but companies of
 *                    England and Wales: SC, NI, OC, CE (charitable incorporated organisation), ...
 *
 * Form only: whether the number is that organisation's the convenor sees in the register. */
#ifndef KL_CORE_ORG_ID_H
#define KL_CORE_ORG_ID_H

#include "core/profile.h"

/* Whether it has the form of an identifier of some register: what a record may hold. */
bool kl_org_id_is_valid(const char *text);

/* What somebody typed, in capitals, without blanks, with hyphens for dashes ("gb chc 1036460" too), and
 * without the NIC that is understood: stricter than kl_org_id_is_valid(), since the
 * letters before a company's number must be ones that Companies House gives. KL_E_INVALID with what is
 * wrong and what it should look like; `field` begins the sentence. */
int kl_org_id_set(
	const char *field, const char *typed, char ret_id[KL_ORG_ID_MAX], struct kl_fault *fault);

/* Which register it is of, for people: "charity of England and Wales", "company", "" for others. */
const char *kl_org_id_register(const char *org_id);

#endif
