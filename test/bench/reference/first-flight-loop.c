/*
 * What reading a first flight costs at the least: one thread, one epoll, no library.
 *
 *   first-flight-loop HELLO-FILE SOCKETS < targets
 *
 * Each line of standard input is ADDRESS:PORT (IPv4). Per target: connect, write the bytes of HELLO-FILE, read TLS records
 * until the handshake message ServerHelloDone, reset. Nothing is kept and nothing is printed but, at the end, how many
 * showed a whole first flight, how many refused and how many did anything else. No target has more than 5 seconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FLIGHT_BYTES = 32768, EVENTS = 512, DEADLINE_MS = 5000, SERVER_HELLO_DONE = 14, HANDSHAKE = 22 };

struct slot {
  int fd;
  int is_open;
  uint64_t started_ms;
  size_t length;
  unsigned char *flight;
};

static unsigned char hello[4096];
static size_t hello_length;
static struct slot *slots;
static int *free_slots;
static int free_count;
static int epoll;
static unsigned long shown, refused, others;

static uint64_t now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &at);
  return (uint64_t)at.tv_sec * 1000 + (uint64_t)at.tv_nsec / 1000000;
}

static void end(struct slot *slot, unsigned long *counter) {
  struct linger reset = {1, 0};
  if (slot->is_open) setsockopt(slot->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  close(slot->fd);
  slot->fd = -1;
  free_slots[free_count++] = (int)(slot - slots);
  *counter += 1;
}

/* 1: whole, 0: more is to come, -1: no first flight. */
static int is_whole(const unsigned char *bytes, size_t length) {
  unsigned char joined[FLIGHT_BYTES];
  size_t at = 0, have = 0, message = 0;
  while (at + 5 <= length) {
    size_t record = (size_t)bytes[at + 3] << 8 | bytes[at + 4];
    if (bytes[at] != HANDSHAKE) return -1;
    if (at + 5 + record > length) break;
    memcpy(joined + have, bytes + at + 5, record);
    have += record;
    at += 5 + record;
  }
  while (message + 4 <= have) {
    size_t size = (size_t)joined[message + 1] << 16 | (size_t)joined[message + 2] << 8 | joined[message + 3];
    if (joined[message] == SERVER_HELLO_DONE) return 1;
    message += 4 + size;
  }
  return 0;
}

static void dial(const char *line) {
  char text[64];
  const char *colon = strrchr(line, ':');
  struct sockaddr_in to = {.sin_family = AF_INET};
  struct epoll_event wanted = {.events = EPOLLOUT};
  struct slot *slot;
  int index;
  if (colon == NULL || (size_t)(colon - line) >= sizeof text) exit(2);
  memcpy(text, line, (size_t)(colon - line));
  text[colon - line] = 0;
  to.sin_port = htons((uint16_t)atoi(colon + 1));
  if (inet_pton(AF_INET, text, &to.sin_addr) != 1) exit(2);

  index = free_slots[--free_count];
  slot = &slots[index];
  slot->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (slot->fd < 0) {
    perror("socket");
    exit(1);
  }
  slot->is_open = 0;
  slot->length = 0;
  slot->started_ms = now_ms();
  if (connect(slot->fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
    end(slot, errno == ECONNREFUSED ? &refused : &others);
    return;
  }
  wanted.data.u32 = (uint32_t)index;
  epoll_ctl(epoll, EPOLL_CTL_ADD, slot->fd, &wanted);
}

static void opened(struct slot *slot) {
  struct epoll_event wanted = {.events = EPOLLIN, .data.u32 = (uint32_t)(slot - slots)};
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    end(slot, error == ECONNREFUSED ? &refused : &others);
    return;
  }
  slot->is_open = 1;
  if (write(slot->fd, hello, hello_length) != (ssize_t)hello_length) {
    end(slot, &others);
    return;
  }
  epoll_ctl(epoll, EPOLL_CTL_MOD, slot->fd, &wanted);
}

static void readable(struct slot *slot) {
  ssize_t got = read(slot->fd, slot->flight + slot->length, FLIGHT_BYTES - slot->length);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    end(slot, &others);
    return;
  }
  slot->length += (size_t)got;
  switch (is_whole(slot->flight, slot->length)) {
    case 1:
      end(slot, &shown);
      break;
    case -1:
      end(slot, &others);
      break;
    default:
      if (slot->length == FLIGHT_BYTES) end(slot, &others);
  }
}

int main(int count, char **words) {
  struct epoll_event events[EVENTS];
  char line[128];
  int sockets, has_more = 1;
  uint64_t swept_ms = now_ms();
  FILE *file;
  if (count != 3 || (sockets = atoi(words[2])) < 1 || (file = fopen(words[1], "rb")) == NULL) {
    fprintf(stderr, "usage: first-flight-loop HELLO-FILE SOCKETS < targets\n");
    return 2;
  }
  hello_length = fread(hello, 1, sizeof hello, file);
  fclose(file);
  slots = calloc((size_t)sockets, sizeof *slots);
  free_slots = calloc((size_t)sockets, sizeof *free_slots);
  if (slots == NULL || free_slots == NULL) return 1;
  for (int index = 0; index < sockets; index += 1) {
    slots[index].fd = -1;
    slots[index].flight = malloc(FLIGHT_BYTES);
    if (slots[index].flight == NULL) return 1;
    free_slots[free_count++] = index;
  }
  epoll = epoll_create1(EPOLL_CLOEXEC);

  while (has_more || free_count < sockets) {
    while (has_more && free_count > 0) {
      if (fgets(line, sizeof line, stdin) == NULL) has_more = 0;
      else dial(line);
    }
    int ready = epoll_wait(epoll, events, EVENTS, 100);
    for (int index = 0; index < ready; index += 1) {
      struct slot *slot = &slots[events[index].data.u32];
      if (slot->fd < 0) continue;
      if (slot->is_open) readable(slot);
      else opened(slot);
    }
    if (now_ms() - swept_ms >= 500) {
      swept_ms = now_ms();
      for (int index = 0; index < sockets; index += 1) {
        if (slots[index].fd >= 0 && swept_ms - slots[index].started_ms > DEADLINE_MS) end(&slots[index], &others);
      }
    }
  }
  printf("%lu %lu %lu\n", shown, refused, others);
  return 0;
}
