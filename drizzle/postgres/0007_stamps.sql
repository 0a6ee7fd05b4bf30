CREATE TABLE "stamps" (
	"map_id" text NOT NULL,
	"client_id" bigint NOT NULL,
	"clock" bigint NOT NULL,
	"user_id" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stamps_map_id_client_id_clock_pk" PRIMARY KEY("map_id","client_id","clock")
);
--> statement-breakpoint
ALTER TABLE "stamps" ADD CONSTRAINT "stamps_map_id_maps_id_fk" FOREIGN KEY ("map_id") REFERENCES "public"."maps"("id") ON DELETE cascade ON UPDATE no action;