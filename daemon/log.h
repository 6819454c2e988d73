/* The log: one line an event on stderr, for whoever runs the machine.
 *
 * What stands there may be read by others than the member: ids and counts, and why something failed;
 * no figure, no note, nothing out of a file that people brought. Under systemd
 * (JOURNAL_STREAM) each line begins with its priority as `<N>`. */
#ifndef KL_DAEMON_LOG_H
#define KL_DAEMON_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum kl_log_level { KL_LOG_ERROR = 3, KL_LOG_WARNING = 4, KL_LOG_INFO = 6, KL_LOG_DEBUG = 7 };

/* Lines above `level` are dropped. Called at start and when the settings are read again; the default is KL_LOG_INFO. */
void kl_log_level(enum kl_log_level level);

/* Reads "error", "warning", "info" or "debug". KL_E_INVALID otherwise. */
int kl_log_level_parse(const char *text, enum kl_log_level *ret_level);

void kl_log(enum kl_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For lines that anybody outside can cause: so many of one kind a minute and no more, so that nobody
 * fills our disk with them. Starts zeroed. */
enum { KL_LOG_QUOTA = 20 };
struct kl_log_quota {
	uint64_t since_ms;
	unsigned n, left_out;
};

/* Whether one more line may be written now. Says how many were left out once it goes on. */
bool kl_log_may(struct kl_log_quota *quota, uint64_t now_ms);

#endif
