/* The industry and the use class of a tenant, as people name them: nobody has to know a code. */
#ifndef KL_DAEMON_TENANT_CODES_H
#define KL_DAEMON_TENANT_CODES_H

#include "core/factors.h"

/* A section A to U, a code of SIC 2007, or any part of a section's name that fits one only
 * ("education"). KL_E_NOT_FOUND, KL_E_AMBIGUOUS with the candidates. */
int kl_which_section(const char *text, char *ret_section, struct kl_fault *fault);

/* Turns a use in words ("office", as the density table has it) into its class, in place. What is
 * written as a class ("D2", "sui generis") stays, whether the table has it or not. KL_E_NOT_FOUND,
 * KL_E_AMBIGUOUS. */
int kl_which_use_class(const struct kl_density_table *table, char use_class[KL_USE_CLASS_MAX],
	struct kl_fault *fault);

#endif
