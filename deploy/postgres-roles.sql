-- Two roles for a TuneGrid store. Run as a superuser, in the database of the store:
--
--   createdb tunegrid
--   psql -d tunegrid -v owner_password=... -v silo_password=... -f postgres-roles.sql
--   tunegrid store init --store "Host=...;Database=tunegrid;Username=tunegrid_owner;Password=..."
--
-- The owner creates and upgrades the tables. Silos and people who search log in as tunegrid_silo: they append to the ledger, but can neither change
-- nor delete an event, nor touch the tables themselves.

CREATE ROLE tunegrid_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE tunegrid_silo LOGIN PASSWORD :'silo_password';

CREATE SCHEMA tunegrid AUTHORIZATION tunegrid_owner;
GRANT USAGE ON SCHEMA tunegrid TO tunegrid_silo;

-- 'tunegrid store init' and 'upgrade' grant tunegrid_silo its rights on each table, if this role exists: SELECT and INSERT on the ledger, and what leases,
-- silos and artifacts need besides.
