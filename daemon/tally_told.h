/* What is known of a tally, gathered for tally_words.h. */
#ifndef KL_DAEMON_TALLY_TOLD_H
#define KL_DAEMON_TALLY_TOLD_H

#include "daemon/network.h"
#include "daemon/tally_words.h"

/* Adds a sentence for each figure of this member that has moved to another bin since it was counted, the
 * first few. */
void kl_tally_tell_moved(
	struct kl_node *node, const struct kl_tally_view *view, struct kl_sentences *sentences);

/* `view` and the network outlive what is told; names are valid until the roster moves. */
void kl_tally_told(const struct kl_network *network, const struct kl_tally_view *view,
	struct kl_told *ret_told);

#endif
