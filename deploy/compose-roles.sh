#!/bin/sh
# The PostgreSQL image runs this once, when it creates the database.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
    -v owner_password="$OWNER_PASSWORD" -v silo_password="$SILO_PASSWORD" -f /deploy/postgres-roles.sql
