/* The options by which commands about policies say whom they mean, and how their answers repeat them. */
#ifndef KL_CLIENT_POLICY_WORDS_H
#define KL_CLIENT_POLICY_WORDS_H

#include "client/cli.h"

#define KL_POLICY_FILTER_OPTIONS                                                                   \
	{"region", "REGION", "only members of that region"},                                       \
		{"type", "TYPE", "only councils of that type"},                                    \
		{"status", "STATUS", "only policies that are none, in development or adopted"},    \
		{"route", "ROUTE", "only members that use that route, such as asset transfer"},    \
	{                                                                                          \
		"like-me", NULL, "only you and the members most like you"                          \
	}

/* " (region: South West; like you)" of "filters"; nothing if nothing was asked for. */
void kl_draw_policy_filters(FILE *out, const struct kl_value *answer);

#endif
