/* drains_queue HOW NAME PATH: takes a message out of a queue. The right to read is enough for that, by mq_open and by the path where the queues are mounted. The errno. */
#include "guest.h"
#include <mqueue.h>

int main(int argc, char **argv)
{
    CHECK(argc == 4);
    char message[8192];
    int fd;
    if (strcmp(argv[1], "own") == 0) {
        fd = mq_open(argv[2], O_RDWR | O_CREAT | O_NONBLOCK, 0600, NULL);
        CHECK(fd < 0 || mq_send(fd, "x", 1, 0) == 0);
    } else if (strcmp(argv[1], "unlink") == 0)
        fd = -1;
    else
        fd = strcmp(argv[1], "name") == 0 ? mq_open(argv[2], O_RDONLY | O_NONBLOCK) : open(argv[3], O_RDONLY | O_NONBLOCK);
    if (strcmp(argv[1], "unlink") == 0) {
        CHECK(mq_unlink(argv[2]) == 0);
        return 0;
    }
    struct sigevent nobody = { .sigev_notify = SIGEV_NONE };
    long result = fd < 0 ? -1 : strcmp(argv[1], "notify") == 0 ? mq_notify(fd, &nobody) : mq_receive(fd, message, sizeof message, NULL);
    dprintf(1, "%d\n", result < 0 ? errno : 0);
    return 0;
}
