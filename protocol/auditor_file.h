/* An audit as it is handed on: its answer, and the signed records that it rests on, which somebody
 * without a daemon can check again.
 *
 *     file     "keeplocal audit", 1, network id, convenor, tally, milliseconds since 1970: one array;
 *              then an array for each record, feed after feed, the convenor's first:
 *              [header bin, signature bin | nil, payload bin | nil, behind a fork: bool]
 *
 * Headers of all records stand in it, so that chains can be followed, but payloads only of those that a
 * tally rests on: of the roster and of tallies, without sealed shares. Whoever is handed such a file has
 * to know network and convenor from elsewhere (`status` of a member): all that is said rests on these two. */
#ifndef KL_PROTOCOL_AUDITOR_FILE_H
#define KL_PROTOCOL_AUDITOR_FILE_H

#include "protocol/auditor.h"

/* The map that answers `tally audit`: tally, network, convenor, both once more so that people can compare
 * them, period, state, mark, fits, steps, left_out; with `sums` also what was opened, bin by bin. */
void kl_auditor_write(struct kl_writer *w, const struct kl_auditor *auditor, bool sums);

/* The first array of a file. */
void kl_auditor_file_head(struct kl_writer *w, const struct kl_auditor_options *options);

/* The array of a record. */
void kl_auditor_file_record(struct kl_writer *w, const struct kl_audited *record);

/* Reads a whole file, checks everything and gives an auditor whose work is done; the caller destroys it.
 * KL_E_MALFORMED with a sentence if it is no such file, KL_E_VERSION, KL_E_NOMEM. */
int kl_auditor_file_check(
	struct kl_bytes file, struct kl_fault *fault, struct kl_auditor **ret_auditor);

#endif
