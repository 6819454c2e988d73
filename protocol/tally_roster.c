/* The frozen roster of a tally. */
#include "protocol/tally.h"

#include <stdlib.h>

void kl_tally_roster_deinit(struct kl_tally_roster *roster)
{
	if (!roster)
		return;
	free(roster->members);
	roster->members = NULL;
	roster->count = 0;
}

int kl_tally_roster_find(const struct kl_tally_roster *roster, const struct kl_id *member)
{
	int low = 0, high = roster->count - 1;

	while (low <= high) {
		int middle = (low + high) / 2;
		int order = kl_id_compare(member, &roster->members[middle].id);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}
