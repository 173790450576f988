-- a copy asks no learning system and takes nothing from one
UPDATE lms_provider
   SET state = 'off',
       endpoint = NULL,
       username = NULL,
       password = NULL,
       resume = NULL,
       push_digest = NULL;

-- a copy signs no badges
UPDATE partner_badge_key
   SET private_pem = NULL;
