/* The file in which one member passes an assessment on to others: JSON that people can read. What
 * is in it protocol/doc_shared.h says; whether it is what its author wrote, the daemon tells. */
#ifndef KL_CLIENT_SHARED_FILE_H
#define KL_CLIENT_SHARED_FILE_H

#include "core/error.h"
#include "protocol/wire.h"

enum { KL_SHARED_FILE_MAX = 1024 * 1024 }; /* bytes of one file */

/* Writes the map into a new file, readable by its owner only. KL_E_EXISTS for a file that is there;
 * KL_E_IO, and then nothing is left of it. */
int kl_shared_file_write(const char *path, const struct kl_value *map, struct kl_fault *fault);

/* KL_E_EXISTS, with what to do, if there is something at that path. */
int kl_shared_file_free(const char *path, struct kl_fault *fault);

/* Reads a file as the msgpack of the same. KL_E_NOT_FOUND, KL_E_IO, KL_E_TOO_BIG; KL_E_MALFORMED, with
 * the line, for what is no such file. Faults name the file. */
int kl_shared_file_read(const char *path, struct kl_writer *w, struct kl_fault *fault);

#endif
