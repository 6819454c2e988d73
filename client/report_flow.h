/* The way of a project's money through LM3's three rounds, as `lm3 explain` tells of its parts: what is
 * certain to stay, what leaves, and what nobody knows (the range of LM3) apart from both. */
#ifndef KL_CLIENT_REPORT_FLOW_H
#define KL_CLIENT_REPORT_FLOW_H

#include "client/html.h"
#include "protocol/wire.h"

/* Draws it, and says what no line of the ledger accounts for; nothing if there are no parts. */
void kl_report_flow(struct kl_html *html, const struct kl_value *explained);

#endif
