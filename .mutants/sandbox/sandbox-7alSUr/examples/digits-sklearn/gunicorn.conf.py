import os

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8080'}"

# One process, so that one copy of the model is in memory: ECS adds tasks, not workers. More than one thread, so that
# a slow client does not hold up the health check.
workers = 1
worker_class = "gthread"
threads = 4

# AWS, "Edit attributes for your Application Load Balancer": keep the application's idle timeout above the load
# balancer's (60 s). Otherwise it sends a request into a connection that just closed. gunicorn's own default is 2 s.
keepalive = 75

# Requests in flight at SIGTERM may finish: above the slowest answer, below the 30 s until ECS sends SIGKILL.
graceful_timeout = 10

# gunicorn 25.1 and newer put a control socket into the home folder of the user; nobody asked for one.
control_socket_disable = True
