/* SIGHUP: settings that can change while the daemon serves. */
#include "daemon/network.h"

#include <string.h>

static bool same_connects(const struct kl_config *a, const struct kl_config *b)
{
	if (a->connects != b->connects)
		return false;
	for (size_t i = 0; i < a->connects; i++)
		if (strcmp(a->connect[i], b->connect[i]) != 0)
			return false;
	return true;
}

/* What sockets were opened with stays as it is. */
static void tell_what_waits(const struct kl_config *now, const struct kl_config *wanted)
{
	const struct {
		const char *key;
		bool same;
	} fixed[] = {
		{"bind", !strcmp(now->bind, wanted->bind)},
		{"connect", same_connects(now, wanted)},
		{"advertise", !strcmp(now->advertise, wanted->advertise)},
		{"control", !strcmp(now->control, wanted->control)},
		{"beat", now->beat_ms == wanted->beat_ms},
	};

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (!fixed[i].same)
			kl_log(KL_LOG_WARNING, "settings: %s changes at the next start only",
				fixed[i].key);
}

static void take(struct kl_config *config, const struct kl_config *wanted)
{
	config->log = wanted->log;
	memcpy(config->veto, wanted->veto, sizeof config->veto);
	config->vetoes = wanted->vetoes;
	config->consent_always = wanted->consent_always;
	config->seat = wanted->seat;
	config->max_store = wanted->max_store;
}

void kl_node_reload(struct kl_node *node)
{
	struct kl_fault fault = {0};
	struct kl_config wanted;

	if (node->settings->read(node->settings->context, &wanted, &fault)) {
		kl_log(KL_LOG_ERROR, "settings stay as they were: %s", fault.message);
		return;
	}
	kl_log(KL_LOG_INFO, "settings: read again");
	tell_what_waits(&node->config, &wanted);
	take(&node->config, &wanted);
	kl_log_level((enum kl_log_level)node->config.log);
	kl_disk_reload(node);
	if (node->network)
		kl_network_resettle(node->network);
}
