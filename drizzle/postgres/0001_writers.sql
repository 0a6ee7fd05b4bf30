CREATE TABLE "writers" (
	"map_id" text NOT NULL,
	"client_id" bigint NOT NULL,
	"user_id" text,
	CONSTRAINT "writers_map_id_client_id_pk" PRIMARY KEY("map_id","client_id")
);
--> statement-breakpoint
ALTER TABLE "writers" ADD CONSTRAINT "writers_map_id_maps_id_fk" FOREIGN KEY ("map_id") REFERENCES "public"."maps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- Who wrote in the log that is there. An update whose first byte is 0 only deletes: its client id is another person's.
INSERT INTO "writers" ("map_id", "client_id", "user_id")
SELECT "map_id", "client_id", "user_id" FROM "updates" WHERE substring("bytes" from 1 for 1) <> '\x00'::bytea ORDER BY "map_id", "seq"
ON CONFLICT DO NOTHING;
